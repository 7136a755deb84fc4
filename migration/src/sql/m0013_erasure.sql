ALTER TABLE message ADD COLUMN erased_at BIGINT;

CREATE TABLE erasure (
  organization_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  state TEXT NOT NULL,
  key_id {uuid} NOT NULL,
  person {bytes},
  copies {bytes},
  requested_by {uuid},
  requested_at BIGINT NOT NULL,
  planned_at BIGINT,
  keys_destroyed_at BIGINT,
  finished_at BIGINT,
  counts TEXT NOT NULL,
  removed BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (organization_id, id)
);

CREATE INDEX ix_erasure_1 ON erasure (organization_id, id) WHERE state <> 'done';

CREATE TABLE erasure_ticket (
  organization_id {uuid} NOT NULL,
  erasure_id {uuid} NOT NULL,
  ticket_id {uuid} NOT NULL,
  fate TEXT NOT NULL,
  PRIMARY KEY (organization_id, erasure_id, ticket_id),
  FOREIGN KEY (organization_id, erasure_id) REFERENCES erasure (organization_id,id),
  FOREIGN KEY (organization_id, ticket_id) REFERENCES ticket (organization_id,id)
);

CREATE INDEX ix_erasure_ticket_1 ON erasure_ticket (organization_id, ticket_id);

CREATE TABLE erased_mail (
  organization_id {uuid} NOT NULL,
  channel_id {uuid} NOT NULL,
  id_blind {bytes} NOT NULL,
  PRIMARY KEY (organization_id, channel_id, id_blind),
  FOREIGN KEY (organization_id, channel_id) REFERENCES channel (organization_id,id)
);

