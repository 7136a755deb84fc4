ALTER TABLE ticket ADD COLUMN status_at BIGINT NOT NULL DEFAULT 0;

ALTER TABLE ticket ADD COLUMN exempt_at BIGINT;

ALTER TABLE ticket ADD COLUMN exempt_by {uuid};

ALTER TABLE ticket ADD COLUMN exempt_reason {bytes};

ALTER TABLE ticket ADD COLUMN anonymized_at BIGINT;

ALTER TABLE ticket ADD COLUMN is_held BOOLEAN NOT NULL DEFAULT FALSE;

CREATE INDEX ix_ticket_12 ON ticket (organization_id, channel_id, status, status_at, id);

CREATE INDEX ix_ticket_10 ON ticket (organization_id, channel_id, last_message_at);

CREATE INDEX ix_ticket_11 ON ticket (organization_id, id) WHERE is_held;

CREATE INDEX ix_ledger_7 ON ledger (organization_id, message_id) WHERE message_id IS NOT NULL;

CREATE TABLE retention (
  organization_id {uuid} NOT NULL,
  channel_id {uuid} NOT NULL,
  months INTEGER NOT NULL,
  then_what TEXT NOT NULL,
  spam_days INTEGER NOT NULL,
  trash_days INTEGER NOT NULL,
  quarantine_days INTEGER NOT NULL,
  waits BOOLEAN NOT NULL,
  changed_by {uuid},
  changed_at BIGINT NOT NULL,
  last_run_at BIGINT,
  PRIMARY KEY (organization_id, channel_id),
  FOREIGN KEY (organization_id, channel_id) REFERENCES channel (organization_id,id)
);

CREATE TABLE retention_run (
  organization_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  channel_id {uuid} NOT NULL,
  at BIGINT NOT NULL,
  deleted BIGINT NOT NULL,
  anonymized BIGINT NOT NULL,
  spam BIGINT NOT NULL,
  trash BIGINT NOT NULL,
  quarantined BIGINT NOT NULL,
  held BIGINT NOT NULL,
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, channel_id) REFERENCES channel (organization_id,id)
);

CREATE INDEX ix_retention_run_1 ON retention_run (organization_id, channel_id, at);

CREATE TABLE hold (
  organization_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  kind TEXT NOT NULL,
  subject_id {uuid} NOT NULL,
  reason {bytes} NOT NULL,
  placed_by {uuid} NOT NULL,
  placed_at BIGINT NOT NULL,
  review_at BIGINT NOT NULL,
  ended_by {uuid},
  ended_at BIGINT,
  PRIMARY KEY (organization_id, id)
);

CREATE INDEX ix_hold_1 ON hold (organization_id, kind, subject_id) WHERE ended_at IS NULL;

CREATE TABLE hold_person (
  organization_id {uuid} NOT NULL,
  hold_id {uuid} NOT NULL,
  membership_id {uuid} NOT NULL,
  PRIMARY KEY (organization_id, hold_id, membership_id),
  FOREIGN KEY (organization_id, hold_id) REFERENCES hold (organization_id,id),
  FOREIGN KEY (organization_id, membership_id) REFERENCES membership (organization_id,id)
);
