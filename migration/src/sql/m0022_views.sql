CREATE TABLE preference (
  organization_id {uuid} NOT NULL,
  membership_id {uuid} NOT NULL,
  content TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (organization_id, membership_id),
  FOREIGN KEY (organization_id, membership_id) REFERENCES membership (organization_id,id)
);

CREATE TABLE saved_view (
  organization_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  owner_id {uuid} NOT NULL,
  is_shared BOOLEAN NOT NULL,
  content {bytes} NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, owner_id) REFERENCES membership (organization_id,id)
);

CREATE INDEX ix_saved_view_1 ON saved_view (organization_id, owner_id);

CREATE INDEX ix_ticket_30 ON ticket (organization_id, status, last_message_at, id);

CREATE INDEX ix_draft_2 ON draft (organization_id, membership_id, ticket_id);
