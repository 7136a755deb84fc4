CREATE TABLE audit_entry (
  organization_id {uuid} NOT NULL,
  number BIGINT NOT NULL,
  at BIGINT NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_id {uuid},
  action TEXT NOT NULL,
  object_kind TEXT NOT NULL,
  object_id {uuid},
  channel_id {uuid},
  hash {bytes} NOT NULL,
  PRIMARY KEY (organization_id, number)
);

CREATE INDEX ix_audit_entry_1 ON audit_entry (organization_id, object_id);
