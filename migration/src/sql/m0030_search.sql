CREATE TABLE search_index (
  organization_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  channel_id {uuid} NOT NULL,
  instance_id {uuid} NOT NULL,
  key_id {uuid} NOT NULL,
  state TEXT NOT NULL,
  format INTEGER NOT NULL,
  number BIGINT NOT NULL,
  done BIGINT NOT NULL,
  total BIGINT NOT NULL,
  rebuild_asked_at BIGINT,
  expunged_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, channel_id) REFERENCES channel (organization_id,id)
);

CREATE UNIQUE INDEX ux_search_index_1 ON search_index (organization_id, channel_id, instance_id, state);

CREATE INDEX ix_search_index_2 ON search_index (instance_id);

CREATE INDEX ix_search_index_3 ON search_index (key_id);

CREATE TABLE search_feed (
  organization_id {uuid} NOT NULL,
  instance_id {uuid} NOT NULL,
  position BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  PRIMARY KEY (organization_id, instance_id),
  FOREIGN KEY (organization_id) REFERENCES organization (id)
);

CREATE INDEX ix_search_feed_1 ON search_feed (instance_id);
