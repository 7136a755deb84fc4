ALTER TABLE mailbox ADD COLUMN acknowledges BOOLEAN NOT NULL DEFAULT FALSE;

ALTER TABLE mailbox ADD COLUMN acknowledgement {bytes};

ALTER TABLE outbox ADD COLUMN is_automatic BOOLEAN NOT NULL DEFAULT FALSE;

CREATE INDEX ix_outbox_6 ON outbox (organization_id, channel_id, created_at) WHERE is_automatic;

CREATE INDEX ix_message_5 ON message (organization_id, contact_id, at) WHERE is_auto AND kind = 'outbound'
