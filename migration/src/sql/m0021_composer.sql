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

CREATE INDEX ix_saved_reply_1 ON saved_reply (organization_id, scope, subject_id);

CREATE TABLE member_setting (
  organization_id {uuid} NOT NULL,
  membership_id {uuid} NOT NULL,
  signature {bytes},
  switched_off TEXT NOT NULL,
  PRIMARY KEY (organization_id, membership_id),
  FOREIGN KEY (organization_id, membership_id) REFERENCES membership (organization_id, id)
);

CREATE TABLE note_mention (
  organization_id {uuid} NOT NULL,
  message_id {uuid} NOT NULL,
  membership_id {uuid} NOT NULL,
  PRIMARY KEY (organization_id, message_id, membership_id),
  FOREIGN KEY (organization_id, message_id) REFERENCES message (organization_id, id),
  FOREIGN KEY (organization_id, membership_id) REFERENCES membership (organization_id, id)
);

CREATE INDEX ix_note_mention_1 ON note_mention (organization_id, membership_id, message_id);

CREATE TABLE notice (
  organization_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  membership_id {uuid} NOT NULL,
  kind TEXT NOT NULL,
  ticket_id {uuid} NOT NULL,
  actor_id {uuid},
  at BIGINT NOT NULL,
  read_at BIGINT,
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, ticket_id) REFERENCES ticket (organization_id, id),
  FOREIGN KEY (organization_id, membership_id) REFERENCES membership (organization_id, id)
);

CREATE INDEX ix_notice_1 ON notice (organization_id, membership_id, id);

CREATE INDEX ix_notice_2 ON notice (organization_id, ticket_id);

CREATE INDEX ix_notice_3 ON notice (at)
