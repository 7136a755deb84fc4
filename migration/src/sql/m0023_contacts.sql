ALTER TABLE contact ADD COLUMN profile {bytes};
ALTER TABLE contact ADD COLUMN blocked_at BIGINT;
ALTER TABLE contact ADD COLUMN blocked_by {uuid};
CREATE INDEX ix_contact_blocked ON contact (organization_id, id) WHERE blocked_at IS NOT NULL;
CREATE INDEX ix_ticket_replaced ON ticket (organization_id, replaced_contact_id) WHERE replaced_contact_id IS NOT NULL;
