ALTER TABLE account ADD COLUMN time_zone TEXT NOT NULL DEFAULT '';

CREATE TABLE account_photo (
  account_id {uuid} NOT NULL,
  version BIGINT NOT NULL,
  content {bytes} NOT NULL,
  PRIMARY KEY (account_id),
  FOREIGN KEY (account_id) REFERENCES account (id)
)
