ALTER TABLE draft ADD COLUMN kind TEXT NOT NULL DEFAULT 'answer';

DROP INDEX ix_draft_1;

CREATE UNIQUE INDEX ix_draft_1 ON draft (organization_id, ticket_id, membership_id, kind);

ALTER TABLE ticket ADD COLUMN talk_version INTEGER NOT NULL DEFAULT 1;

UPDATE ticket SET talk_version = version;

CREATE TABLE letter (
  organization_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  membership_id {uuid} NOT NULL,
  key_id {uuid} NOT NULL,
  content {bytes} NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, membership_id) REFERENCES membership (organization_id, id)
);

CREATE UNIQUE INDEX ix_letter_1 ON letter (organization_id, membership_id);

CREATE TABLE saved_reply (
  organization_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  scope TEXT NOT NULL,
  subject_id {uuid},
  content {bytes} NOT NULL,
  version INTEGER NOT NULL,
  created_by {uuid} NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id) REFERENCES organization (id)
);

CREATE INDEX ix_saved_reply_1 ON saved_reply (organization_id, scope, subject_id)
