ALTER TABLE contact ADD COLUMN rectified_at BIGINT;

CREATE TABLE data_request (
  organization_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  is_known BOOLEAN NOT NULL,
  membership_id {uuid},
  ticket_id {uuid},
  channel_id {uuid},
  language TEXT NOT NULL,
  key_id {uuid} NOT NULL,
  content {bytes},
  received_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  extended_months INTEGER NOT NULL DEFAULT 0,
  opened_by {uuid} NOT NULL,
  opened_at BIGINT NOT NULL,
  handler_id {uuid},
  code_blind {bytes},
  code_at BIGINT,
  code_tries INTEGER NOT NULL DEFAULT 0,
  identified_at BIGINT,
  parcel_id {uuid},
  parcel_until BIGINT,
  erasure_id {uuid},
  acted_at BIGINT,
  lift_at BIGINT,
  ended_at BIGINT,
  closed_at BIGINT,
  told_at BIGINT,
  version INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id) REFERENCES organization (id),
  FOREIGN KEY (organization_id, membership_id) REFERENCES membership (organization_id,id),
  FOREIGN KEY (organization_id, channel_id) REFERENCES channel (organization_id,id)
);

CREATE INDEX ix_data_request_1 ON data_request (organization_id, due_at, id);

CREATE INDEX ix_data_request_2 ON data_request (due_at) WHERE closed_at IS NULL;

CREATE INDEX ix_data_request_3 ON data_request (closed_at) WHERE content IS NOT NULL;

CREATE INDEX ix_data_request_5 ON data_request (organization_id, channel_id) WHERE channel_id IS NOT NULL;

CREATE INDEX ix_data_request_6 ON data_request (organization_id, membership_id) WHERE membership_id IS NOT NULL;

CREATE INDEX ix_data_request_4 ON data_request (organization_id, ticket_id) WHERE ticket_id IS NOT NULL;

CREATE INDEX ix_data_request_key ON data_request (key_id);

CREATE TABLE data_request_event (
  organization_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  request_id {uuid} NOT NULL,
  number INTEGER NOT NULL,
  kind TEXT NOT NULL,
  at BIGINT NOT NULL,
  actor_id {uuid},
  content {bytes},
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, request_id) REFERENCES data_request (organization_id,id)
);

CREATE INDEX ix_data_request_event_1 ON data_request_event (organization_id, request_id, number);

CREATE TABLE data_request_mail (
  organization_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  request_id {uuid} NOT NULL,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  content {bytes},
  created_by {uuid},
  created_at BIGINT NOT NULL,
  ended_at BIGINT,
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, request_id) REFERENCES data_request (organization_id,id)
);

CREATE INDEX ix_data_request_mail_1 ON data_request_mail (organization_id, request_id, id);

CREATE TABLE data_request_withheld (
  organization_id {uuid} NOT NULL,
  request_id {uuid} NOT NULL,
  object_id {uuid} NOT NULL,
  message_id {uuid} NOT NULL,
  reason {bytes} NOT NULL,
  withheld_by {uuid} NOT NULL,
  withheld_at BIGINT NOT NULL,
  PRIMARY KEY (organization_id, request_id, object_id),
  FOREIGN KEY (organization_id, request_id) REFERENCES data_request (organization_id,id)
);

CREATE INDEX ix_message_4 ON message (organization_id, author_id, id) WHERE author_id IS NOT NULL;

CREATE TABLE person_mark (
  organization_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  kind TEXT NOT NULL,
  address_blind {bytes} NOT NULL,
  request_id {uuid} NOT NULL,
  since BIGINT NOT NULL,
  ended_at BIGINT,
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, request_id) REFERENCES data_request (organization_id,id)
);

CREATE INDEX ix_person_mark_1 ON person_mark (organization_id, kind, address_blind) WHERE ended_at IS NULL;

CREATE INDEX ix_person_mark_2 ON person_mark (organization_id, request_id);

CREATE TABLE restriction_reader (
  organization_id {uuid} NOT NULL,
  request_id {uuid} NOT NULL,
  membership_id {uuid} NOT NULL,
  PRIMARY KEY (organization_id, request_id, membership_id),
  FOREIGN KEY (organization_id, request_id) REFERENCES data_request (organization_id,id),
  FOREIGN KEY (organization_id, membership_id) REFERENCES membership (organization_id,id)
);

CREATE INDEX ix_restriction_reader_1 ON restriction_reader (organization_id, membership_id);

CREATE TABLE mention (
  organization_id {uuid} NOT NULL,
  message_id {uuid} NOT NULL,
  address_blind {bytes} NOT NULL,
  PRIMARY KEY (organization_id, message_id, address_blind),
  FOREIGN KEY (organization_id, message_id) REFERENCES message (organization_id,id)
);

CREATE INDEX ix_mention_1 ON mention (organization_id, address_blind, message_id);
