CREATE TABLE register_host (
  organization_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  host_blind {bytes} NOT NULL,
  content {bytes} NOT NULL,
  changed_by {uuid} NOT NULL,
  changed_at BIGINT NOT NULL,
  PRIMARY KEY (organization_id, host_blind),
  FOREIGN KEY (organization_id) REFERENCES organization (id)
);

CREATE TABLE disclosure (
  organization_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  content {bytes} NOT NULL,
  recorded_by {uuid} NOT NULL,
  recorded_at BIGINT NOT NULL,
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id) REFERENCES organization (id)
);

CREATE TABLE incident_notice (
  organization_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  content {bytes} NOT NULL,
  from_at BIGINT NOT NULL,
  to_at BIGINT NOT NULL,
  made_at BIGINT NOT NULL,
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id) REFERENCES organization (id)
)
