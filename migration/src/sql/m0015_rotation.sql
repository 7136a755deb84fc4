CREATE TABLE rotation (
  id {uuid} NOT NULL PRIMARY KEY,
  organization_id {uuid},
  channel_id {uuid},
  key_id {uuid} NOT NULL,
  version INTEGER NOT NULL,
  state TEXT NOT NULL,
  children BIGINT NOT NULL,
  total BIGINT NOT NULL,
  done BIGINT NOT NULL,
  started_at BIGINT NOT NULL,
  resealed_at BIGINT,
  forget_at BIGINT,
  finished_at BIGINT,
  FOREIGN KEY (organization_id) REFERENCES organization (id),
  FOREIGN KEY (organization_id, channel_id) REFERENCES channel (organization_id,id)
);

CREATE UNIQUE INDEX ix_rotation_1 ON rotation (key_id, version);

CREATE INDEX ix_rotation_2 ON rotation (organization_id, channel_id);
