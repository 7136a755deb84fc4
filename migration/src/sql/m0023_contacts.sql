ALTER TABLE contact ADD COLUMN profile {bytes};
ALTER TABLE contact ADD COLUMN blocked_at BIGINT;
ALTER TABLE contact ADD COLUMN blocked_by {uuid};
CREATE INDEX ix_contact_blocked ON contact (organization_id, id) WHERE blocked_at IS NOT NULL;
