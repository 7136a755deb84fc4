ALTER TABLE ticket DROP COLUMN talk_version;

DELETE FROM draft WHERE kind <> 'answer';

DROP INDEX ix_draft_1;

ALTER TABLE draft DROP COLUMN kind;

CREATE UNIQUE INDEX ix_draft_1 ON draft (organization_id, ticket_id, membership_id)
