CREATE TABLE parcel (
  organization_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  kind TEXT NOT NULL,
  subject_id {uuid} NOT NULL,
  channel_id {uuid},
  key_id {uuid} NOT NULL,
  state TEXT NOT NULL,
  object_name TEXT,
  parts INTEGER NOT NULL DEFAULT 0,
  done BIGINT NOT NULL DEFAULT 0,
  total BIGINT NOT NULL DEFAULT 0,
  size BIGINT NOT NULL DEFAULT 0,
  content {bytes} NOT NULL,
  error_code TEXT,
  made_by {uuid},
  created_at BIGINT NOT NULL,
  ready_at BIGINT,
  expires_at BIGINT NOT NULL,
  downloads BIGINT NOT NULL DEFAULT 0,
  downloaded_at BIGINT,
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id) REFERENCES organization (id),
  FOREIGN KEY (organization_id, channel_id) REFERENCES channel (organization_id,id)
);

CREATE INDEX ix_parcel_1 ON parcel (organization_id, kind, subject_id);

CREATE INDEX ix_parcel_2 ON parcel (organization_id, channel_id) WHERE channel_id IS NOT NULL;

CREATE INDEX ix_parcel_3 ON parcel (expires_at);

CREATE INDEX ix_parcel_key ON parcel (key_id);
