CREATE TABLE closing (
  organization_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  state TEXT NOT NULL,
  asked_by {uuid} NOT NULL,
  asked_at BIGINT NOT NULL,
  confirmed_at BIGINT,
  second_by {uuid},
  second_at BIGINT,
  export_id {uuid} NOT NULL,
  exported_at BIGINT,
  downloaded_at BIGINT,
  begun_at BIGINT,
  due_at BIGINT,
  planned_at BIGINT,
  keys_destroyed_at BIGINT,
  finished_at BIGINT,
  counts TEXT NOT NULL,
  statement_id {uuid} NOT NULL,
  key_id {uuid} NOT NULL,
  name TEXT NOT NULL,
  error_code TEXT,
  PRIMARY KEY (organization_id, id)
);

CREATE UNIQUE INDEX ix_closing_1 ON closing (organization_id) WHERE state NOT IN ('undone','done');

CREATE UNIQUE INDEX ix_closing_2 ON closing (statement_id);

CREATE INDEX ix_closing_3 ON closing (state) WHERE state NOT IN ('undone','done');
