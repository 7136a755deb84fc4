CREATE TABLE presence (
  organization_id {uuid} NOT NULL,
  membership_id {uuid} NOT NULL,
  ticket_id {uuid} NOT NULL,
  state TEXT NOT NULL,
  until BIGINT NOT NULL,
  PRIMARY KEY (organization_id, membership_id, ticket_id),
  FOREIGN KEY (organization_id, membership_id) REFERENCES membership (organization_id, id),
  FOREIGN KEY (organization_id, ticket_id) REFERENCES ticket (organization_id, id) ON DELETE CASCADE
)
