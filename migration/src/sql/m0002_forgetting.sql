CREATE TABLE purge (
  organization_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  channel_id {uuid} NOT NULL,
  provider TEXT NOT NULL,
  state TEXT NOT NULL,
  cause TEXT NOT NULL,
  requested_by {uuid},
  requested_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  early_by {uuid},
  early_at BIGINT,
  early_confirmed_by {uuid},
  planned_at BIGINT,
  keys_destroyed_at BIGINT,
  finished_at BIGINT,
  told_at BIGINT,
  counts TEXT NOT NULL,
  removed BIGINT NOT NULL DEFAULT 0,
  error_code TEXT,
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, channel_id) REFERENCES channel (organization_id,id)
);

CREATE UNIQUE INDEX ix_purge_1 ON purge (organization_id, channel_id) WHERE state <> 'undone';

CREATE INDEX ix_purge_2 ON purge (due_at) WHERE state NOT IN ('undone','done');

CREATE TABLE deletion_statement (
  organization_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  purge_id {uuid} NOT NULL,
  at BIGINT NOT NULL,
  body TEXT NOT NULL,
  signing_key_id {uuid} NOT NULL,
  signature {bytes} NOT NULL,
  PRIMARY KEY (organization_id, id)
);

CREATE UNIQUE INDEX ix_deletion_statement_1 ON deletion_statement (organization_id, purge_id);

CREATE INDEX ix_message_2 ON message (organization_id, channel_id, id);

CREATE INDEX ix_message_3 ON message (organization_id, contact_id) WHERE contact_id IS NOT NULL;

CREATE INDEX ix_ticket_8 ON ticket (organization_id, related_to_id) WHERE related_to_id IS NOT NULL;

CREATE INDEX ix_ticket_9 ON ticket (organization_id, merged_into_id) WHERE merged_into_id IS NOT NULL;

CREATE INDEX ix_contact_identity_3 ON contact_identity (organization_id, channel_id);

CREATE INDEX ix_contact_1 ON contact (organization_id, name_channel_id) WHERE name_channel_id IS NOT NULL;
