CREATE TABLE policy_text (
  organization_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  kind TEXT NOT NULL,
  version INTEGER NOT NULL,
  content {bytes} NOT NULL,
  published_by {uuid} NOT NULL,
  published_at BIGINT NOT NULL,
  PRIMARY KEY (organization_id, id),
  UNIQUE (organization_id, kind, version),
  FOREIGN KEY (organization_id) REFERENCES organization (id)
);

CREATE TABLE policy_reading (
  organization_id {uuid} NOT NULL,
  policy_id {uuid} NOT NULL,
  membership_id {uuid} NOT NULL,
  read_at BIGINT NOT NULL,
  PRIMARY KEY (organization_id, policy_id, membership_id),
  FOREIGN KEY (organization_id, policy_id) REFERENCES policy_text (organization_id, id),
  FOREIGN KEY (organization_id, membership_id) REFERENCES membership (organization_id, id)
);

CREATE INDEX policy_reading_member ON policy_reading (organization_id, membership_id)
