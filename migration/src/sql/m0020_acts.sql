ALTER TABLE ticket ADD COLUMN priority TEXT NOT NULL DEFAULT 'normal';

ALTER TABLE ticket ADD COLUMN status_before TEXT;

ALTER TABLE ticket ADD COLUMN delete_at BIGINT;

CREATE INDEX ix_ticket_20 ON ticket (organization_id, snoozed_until, id) WHERE snoozed_until IS NOT NULL;

CREATE INDEX ix_ticket_21 ON ticket (delete_at) WHERE delete_at IS NOT NULL;

CREATE INDEX ix_ticket_22 ON ticket (organization_id, team_id, status, queue_at, id) WHERE team_id IS NOT NULL;

CREATE INDEX ix_ticket_23 ON ticket (organization_id, priority, status, queue_at, id) WHERE priority <> 'normal';

CREATE TABLE tag (
  organization_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  name {bytes} NOT NULL,
  color TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id) REFERENCES organization (id)
);

CREATE TABLE ticket_tag (
  organization_id {uuid} NOT NULL,
  ticket_id {uuid} NOT NULL,
  tag_id {uuid} NOT NULL,
  PRIMARY KEY (organization_id, ticket_id, tag_id),
  FOREIGN KEY (organization_id, ticket_id) REFERENCES ticket (organization_id,id),
  FOREIGN KEY (organization_id, tag_id) REFERENCES tag (organization_id,id)
);

CREATE INDEX ix_ticket_tag_1 ON ticket_tag (organization_id, tag_id, ticket_id);

CREATE TABLE follower (
  organization_id {uuid} NOT NULL,
  ticket_id {uuid} NOT NULL,
  membership_id {uuid} NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (organization_id, ticket_id, membership_id),
  FOREIGN KEY (organization_id, ticket_id) REFERENCES ticket (organization_id,id),
  FOREIGN KEY (organization_id, membership_id) REFERENCES membership (organization_id,id)
);

CREATE INDEX ix_follower_1 ON follower (organization_id, membership_id, ticket_id);

CREATE TABLE act (
  organization_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  kind TEXT NOT NULL,
  membership_id {uuid} NOT NULL,
  at BIGINT NOT NULL,
  undone_at BIGINT,
  undone_by {uuid},
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, membership_id) REFERENCES membership (organization_id,id)
);

CREATE INDEX ix_act_1 ON act (at);

CREATE TABLE act_ticket (
  organization_id {uuid} NOT NULL,
  act_id {uuid} NOT NULL,
  ticket_id {uuid} NOT NULL,
  trace TEXT NOT NULL,
  PRIMARY KEY (organization_id, act_id, ticket_id),
  FOREIGN KEY (organization_id, act_id) REFERENCES act (organization_id,id),
  FOREIGN KEY (organization_id, ticket_id) REFERENCES ticket (organization_id,id)
);

CREATE INDEX ix_act_ticket_1 ON act_ticket (organization_id, ticket_id);
