CREATE TABLE organization (
  id {uuid} NOT NULL,
  name TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  key_id {uuid} NOT NULL,
  created_at BIGINT NOT NULL,
  closed_at BIGINT,
  PRIMARY KEY (id)
);

CREATE TABLE organization_counter (
  organization_id {uuid} NOT NULL,
  tickets BIGINT NOT NULL DEFAULT 0,
  events BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (organization_id),
  FOREIGN KEY (organization_id) REFERENCES organization (id)
);

CREATE TABLE account (
  id {uuid} NOT NULL,
  email {bytes} NOT NULL,
  email_blind {bytes} NOT NULL,
  name {bytes} NOT NULL,
  password_hash {bytes},
  locale TEXT NOT NULL,
  theme TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  disabled_at BIGINT,
  PRIMARY KEY (id)
);

CREATE UNIQUE INDEX ix_account_1 ON account (email_blind);

CREATE TABLE session (
  id_hash {bytes} NOT NULL,
  account_id {uuid},
  data {bytes} NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (id_hash)
);

CREATE INDEX ix_session_1 ON session (expires_at);

CREATE INDEX ix_session_2 ON session (account_id);

CREATE TABLE membership (
  organization_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  account_id {uuid} NOT NULL,
  role TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  invited_at BIGINT,
  disabled_at BIGINT,
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id) REFERENCES organization (id),
  FOREIGN KEY (account_id) REFERENCES account (id)
);

CREATE UNIQUE INDEX ix_membership_1 ON membership (organization_id, account_id);

CREATE INDEX ix_membership_2 ON membership (account_id);

CREATE TABLE team (
  organization_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  name TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id) REFERENCES organization (id)
);

CREATE TABLE team_member (
  organization_id {uuid} NOT NULL,
  team_id {uuid} NOT NULL,
  membership_id {uuid} NOT NULL,
  PRIMARY KEY (organization_id, team_id, membership_id),
  FOREIGN KEY (organization_id, team_id) REFERENCES team (organization_id,id),
  FOREIGN KEY (organization_id, membership_id) REFERENCES membership (organization_id,id)
);

CREATE TABLE channel (
  organization_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  kind TEXT NOT NULL,
  key_id {uuid} NOT NULL,
  state TEXT NOT NULL,
  state_code TEXT,
  state_detail {bytes},
  state_at BIGINT NOT NULL,
  told_at BIGINT,
  created_at BIGINT NOT NULL,
  disconnected_at BIGINT,
  kept_at BIGINT,
  kept_by {uuid},
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id) REFERENCES organization (id)
);

CREATE TABLE channel_member (
  organization_id {uuid} NOT NULL,
  channel_id {uuid} NOT NULL,
  membership_id {uuid} NOT NULL,
  PRIMARY KEY (organization_id, channel_id, membership_id),
  FOREIGN KEY (organization_id, channel_id) REFERENCES channel (organization_id,id),
  FOREIGN KEY (organization_id, membership_id) REFERENCES membership (organization_id,id)
);

CREATE INDEX ix_channel_member_1 ON channel_member (organization_id, membership_id);

CREATE TABLE mailbox (
  organization_id {uuid} NOT NULL,
  channel_id {uuid} NOT NULL,
  provider TEXT NOT NULL,
  address {bytes} NOT NULL,
  address_blind {bytes} NOT NULL,
  display_name {bytes} NOT NULL,
  signature {bytes},
  language TEXT NOT NULL,
  settings {bytes} NOT NULL,
  credentials {bytes},
  credentials_expire_at BIGINT,
  grant_ends_at BIGINT,
  refresh_lease_until BIGINT,
  reader_id {uuid},
  reader_until BIGINT,
  look_wanted_at BIGINT,
  import_mode TEXT NOT NULL,
  import_since BIGINT,
  history_before BIGINT,
  import_read BIGINT NOT NULL DEFAULT 0,
  import_total BIGINT,
  import_waits_until BIGINT,
  read_day BIGINT NOT NULL DEFAULT 0,
  read_bytes BIGINT NOT NULL DEFAULT 0,
  last_sync_at BIGINT,
  last_mail_at BIGINT,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (organization_id, channel_id),
  FOREIGN KEY (organization_id, channel_id) REFERENCES channel (organization_id,id)
);

CREATE UNIQUE INDEX ix_mailbox_1 ON mailbox (organization_id, address_blind);

CREATE TABLE provider_client (
  organization_id {uuid} NOT NULL,
  provider TEXT NOT NULL,
  client_id {bytes} NOT NULL,
  client_secret {bytes} NOT NULL,
  tenant TEXT,
  secret_ends_at BIGINT,
  updated_at BIGINT NOT NULL,
  id {uuid} NOT NULL,
  PRIMARY KEY (organization_id, provider),
  FOREIGN KEY (organization_id) REFERENCES organization (id)
);

CREATE TABLE folder (
  organization_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  channel_id {uuid} NOT NULL,
  name {bytes} NOT NULL,
  name_blind {bytes} NOT NULL,
  role TEXT NOT NULL,
  uid_validity BIGINT NOT NULL DEFAULT 0,
  last_uid BIGINT NOT NULL DEFAULT 0,
  backfill_uid BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL,
  compared_at BIGINT,
  on_server BIGINT NOT NULL DEFAULT 0,
  compared_imported BIGINT NOT NULL DEFAULT 0,
  compared_duplicates BIGINT NOT NULL DEFAULT 0,
  compared_left_out BIGINT NOT NULL DEFAULT 0,
  compared_missed BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, channel_id) REFERENCES channel (organization_id,id)
);

CREATE UNIQUE INDEX ix_folder_1 ON folder (organization_id, channel_id, name_blind);

CREATE TABLE ledger (
  organization_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  channel_id {uuid} NOT NULL,
  folder_id {uuid} NOT NULL,
  uid_validity BIGINT NOT NULL,
  uid BIGINT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT,
  message_id {uuid},
  content_blind {bytes},
  id_blind {bytes},
  attempts INTEGER NOT NULL DEFAULT 0,
  is_history BOOLEAN NOT NULL DEFAULT FALSE,
  received_at BIGINT,
  seen_at BIGINT NOT NULL,
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, folder_id) REFERENCES folder (organization_id,id),
  FOREIGN KEY (organization_id, channel_id) REFERENCES channel (organization_id,id)
);

CREATE UNIQUE INDEX ix_ledger_1 ON ledger (organization_id, folder_id, uid_validity, uid);

CREATE INDEX ix_ledger_2 ON ledger (organization_id, channel_id, content_blind);

CREATE INDEX ix_ledger_3 ON ledger (organization_id, channel_id, id) WHERE state = 'pending';

CREATE INDEX ix_ledger_4 ON ledger (organization_id, id) WHERE state = 'quarantined';

CREATE INDEX ix_ledger_5 ON ledger (organization_id, channel_id, id_blind) WHERE id_blind IS NOT NULL;

CREATE INDEX ix_ledger_6 ON ledger (seen_at) WHERE id_blind IS NOT NULL;

CREATE TABLE raw_message (
  organization_id {uuid} NOT NULL,
  message_id {uuid} NOT NULL,
  channel_id {uuid} NOT NULL,
  key_id {uuid} NOT NULL,
  size BIGINT NOT NULL,
  stored_size BIGINT NOT NULL,
  frame_table {bytes} NOT NULL,
  body {bytes},
  object_name TEXT,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (organization_id, message_id),
  FOREIGN KEY (organization_id, channel_id) REFERENCES channel (organization_id,id)
);

CREATE INDEX ix_raw_message_1 ON raw_message (organization_id, channel_id);

CREATE INDEX ix_raw_message_key ON raw_message (key_id);

CREATE TABLE contact (
  organization_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  key_id {uuid} NOT NULL,
  name {bytes},
  name_channel_id {uuid},
  created_at BIGINT NOT NULL,
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id) REFERENCES organization (id),
  FOREIGN KEY (organization_id, name_channel_id) REFERENCES channel (organization_id,id)
);

CREATE TABLE contact_identity (
  organization_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  contact_id {uuid} NOT NULL,
  kind TEXT NOT NULL,
  value {bytes} NOT NULL,
  value_blind {bytes} NOT NULL,
  channel_id {uuid} NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, contact_id) REFERENCES contact (organization_id,id),
  FOREIGN KEY (organization_id, channel_id) REFERENCES channel (organization_id,id)
);

CREATE UNIQUE INDEX ix_contact_identity_1 ON contact_identity (organization_id, kind, value_blind);

CREATE INDEX ix_contact_identity_2 ON contact_identity (organization_id, contact_id);

CREATE INDEX ix_contact_key ON contact (key_id);

CREATE TABLE ticket (
  organization_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  number BIGINT NOT NULL,
  channel_id {uuid} NOT NULL,
  contact_id {uuid},
  key_id {uuid} NOT NULL,
  status TEXT NOT NULL,
  assignee_id {uuid},
  team_id {uuid},
  subject {bytes} NOT NULL,
  snippet {bytes} NOT NULL,
  customer {bytes} NOT NULL,
  message_count INTEGER NOT NULL DEFAULT 0,
  has_attachment BOOLEAN NOT NULL DEFAULT FALSE,
  is_history BOOLEAN NOT NULL DEFAULT FALSE,
  waiting_since BIGINT,
  queue_at BIGINT NOT NULL,
  last_inbound_at BIGINT,
  last_message_at BIGINT NOT NULL,
  closed_at BIGINT,
  snoozed_until BIGINT,
  merged_into_id {uuid},
  related_to_id {uuid},
  replaced_contact_id {uuid},
  version INTEGER NOT NULL DEFAULT 1,
  inbound_version INTEGER NOT NULL DEFAULT 1,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, channel_id) REFERENCES channel (organization_id,id),
  FOREIGN KEY (organization_id, contact_id) REFERENCES contact (organization_id,id),
  FOREIGN KEY (organization_id, assignee_id) REFERENCES membership (organization_id,id),
  FOREIGN KEY (organization_id, team_id) REFERENCES team (organization_id,id),
  FOREIGN KEY (organization_id, merged_into_id) REFERENCES ticket (organization_id,id),
  FOREIGN KEY (organization_id, related_to_id) REFERENCES ticket (organization_id,id)
);

CREATE UNIQUE INDEX ix_ticket_1 ON ticket (organization_id, number);

CREATE INDEX ix_ticket_2 ON ticket (organization_id, status, queue_at, id);

CREATE INDEX ix_ticket_3 ON ticket (organization_id, last_message_at, id);

CREATE INDEX ix_ticket_4 ON ticket (organization_id, contact_id, last_message_at, id);

CREATE INDEX ix_ticket_5 ON ticket (organization_id, assignee_id, status, queue_at, id);

CREATE INDEX ix_ticket_7 ON ticket (organization_id, assignee_id, last_message_at, id);

CREATE INDEX ix_ticket_6 ON ticket (organization_id, channel_id, status);

CREATE INDEX ix_ticket_key ON ticket (key_id);

CREATE TABLE ticket_seen (
  organization_id {uuid} NOT NULL,
  ticket_id {uuid} NOT NULL,
  membership_id {uuid} NOT NULL,
  seen_at BIGINT NOT NULL,
  PRIMARY KEY (organization_id, ticket_id, membership_id),
  FOREIGN KEY (organization_id, ticket_id) REFERENCES ticket (organization_id,id),
  FOREIGN KEY (organization_id, membership_id) REFERENCES membership (organization_id,id)
);

CREATE TABLE participant (
  organization_id {uuid} NOT NULL,
  ticket_id {uuid} NOT NULL,
  address_blind {bytes} NOT NULL,
  PRIMARY KEY (organization_id, ticket_id, address_blind),
  FOREIGN KEY (organization_id, ticket_id) REFERENCES ticket (organization_id,id)
);

CREATE INDEX ix_participant_1 ON participant (organization_id, address_blind, ticket_id);

CREATE TABLE message (
  organization_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  ticket_id {uuid} NOT NULL,
  channel_id {uuid} NOT NULL,
  contact_id {uuid},
  author_id {uuid},
  kind TEXT NOT NULL,
  key_id {uuid} NOT NULL,
  at BIGINT NOT NULL,
  is_auto BOOLEAN NOT NULL DEFAULT FALSE,
  is_bounce BOOLEAN NOT NULL DEFAULT FALSE,
  has_html BOOLEAN NOT NULL DEFAULT FALSE,
  has_remote_images BOOLEAN NOT NULL DEFAULT FALSE,
  flags TEXT NOT NULL,
  envelope {bytes} NOT NULL,
  text {bytes} NOT NULL,
  quoted {bytes},
  html {bytes},
  created_at BIGINT NOT NULL,
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, ticket_id) REFERENCES ticket (organization_id,id),
  FOREIGN KEY (organization_id, channel_id) REFERENCES channel (organization_id,id),
  FOREIGN KEY (organization_id, contact_id) REFERENCES contact (organization_id,id),
  FOREIGN KEY (organization_id, author_id) REFERENCES membership (organization_id,id)
);

CREATE INDEX ix_message_1 ON message (organization_id, ticket_id, at, id);

CREATE INDEX ix_message_key ON message (key_id);

CREATE TABLE message_reference (
  organization_id {uuid} NOT NULL,
  channel_id {uuid} NOT NULL,
  blind {bytes} NOT NULL,
  message_id {uuid} NOT NULL,
  ticket_id {uuid} NOT NULL,
  own BOOLEAN NOT NULL,
  PRIMARY KEY (organization_id, channel_id, blind, message_id),
  FOREIGN KEY (organization_id, message_id) REFERENCES message (organization_id,id)
);

CREATE INDEX ix_message_reference_1 ON message_reference (organization_id, message_id);

CREATE INDEX ix_message_reference_2 ON message_reference (organization_id, ticket_id);

CREATE TABLE attachment (
  organization_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  message_id {uuid},
  channel_id {uuid} NOT NULL,
  key_id {uuid} NOT NULL,
  position INTEGER NOT NULL DEFAULT 0,
  meta {bytes} NOT NULL,
  size BIGINT NOT NULL,
  inline BOOLEAN NOT NULL DEFAULT FALSE,
  raw_start BIGINT,
  raw_end BIGINT,
  encoding TEXT,
  frame_table {bytes},
  body {bytes},
  object_name TEXT,
  uploaded_by {uuid},
  held_by {uuid},
  created_at BIGINT NOT NULL,
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, message_id) REFERENCES message (organization_id,id),
  FOREIGN KEY (organization_id, channel_id) REFERENCES channel (organization_id,id)
);

CREATE INDEX ix_attachment_1 ON attachment (organization_id, message_id);

CREATE INDEX ix_attachment_2 ON attachment (created_at) WHERE message_id IS NULL;

CREATE TABLE draft (
  organization_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  ticket_id {uuid} NOT NULL,
  membership_id {uuid} NOT NULL,
  key_id {uuid} NOT NULL,
  content {bytes} NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, ticket_id) REFERENCES ticket (organization_id,id),
  FOREIGN KEY (organization_id, membership_id) REFERENCES membership (organization_id,id)
);

CREATE UNIQUE INDEX ix_draft_1 ON draft (organization_id, ticket_id, membership_id);

CREATE TABLE outbox (
  organization_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  channel_id {uuid} NOT NULL,
  ticket_id {uuid} NOT NULL,
  message_id {uuid} NOT NULL,
  state TEXT NOT NULL,
  not_before BIGINT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  lease_until BIGINT,
  last_attempt_at BIGINT,
  confirmed_at BIGINT,
  seen_version INTEGER NOT NULL DEFAULT 0,
  restore {bytes},
  error_code TEXT,
  error {bytes},
  bounced {bytes},
  sent_at BIGINT,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, message_id) REFERENCES message (organization_id,id),
  FOREIGN KEY (organization_id, channel_id) REFERENCES channel (organization_id,id),
  FOREIGN KEY (organization_id, ticket_id) REFERENCES ticket (organization_id,id)
);

CREATE UNIQUE INDEX ix_outbox_1 ON outbox (organization_id, message_id);

CREATE INDEX ix_outbox_2 ON outbox (not_before) WHERE state IN ('waiting','retrying','sending');

CREATE INDEX ix_outbox_3 ON outbox (organization_id, ticket_id, id);

CREATE INDEX ix_outbox_4 ON outbox (state) WHERE state NOT IN ('sent','cancelled');

CREATE INDEX ix_outbox_5 ON outbox (created_at);

CREATE TABLE event (
  organization_id {uuid} NOT NULL,
  number BIGINT NOT NULL,
  at BIGINT NOT NULL,
  kind TEXT NOT NULL,
  actor_id {uuid},
  channel_id {uuid},
  ticket_id {uuid},
  message_id {uuid},
  data TEXT NOT NULL,
  PRIMARY KEY (organization_id, number),
  FOREIGN KEY (organization_id) REFERENCES organization (id)
);

CREATE INDEX ix_event_1 ON event (organization_id, ticket_id, number);

CREATE TABLE job (
  id {uuid} NOT NULL,
  organization_id {uuid},
  kind TEXT NOT NULL,
  subject_id {uuid},
  payload TEXT NOT NULL,
  unique_key TEXT,
  run_at BIGINT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  lease_until BIGINT,
  lease_token {uuid},
  error_code TEXT,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (id)
);

CREATE INDEX ix_job_1 ON job (run_at);

CREATE UNIQUE INDEX ix_job_2 ON job (unique_key) WHERE unique_key IS NOT NULL;

CREATE TABLE forget_entry (
  number BIGINT NOT NULL,
  at BIGINT NOT NULL,
  kind INTEGER NOT NULL,
  ids {bytes} NOT NULL,
  signing_key_id {uuid} NOT NULL,
  signature {bytes} NOT NULL,
  PRIMARY KEY (number)
);

CREATE TABLE idempotency_key (
  organization_id {uuid} NOT NULL,
  membership_id {uuid} NOT NULL,
  key_hash {bytes} NOT NULL,
  request_hash {bytes} NOT NULL,
  status INTEGER NOT NULL,
  response {bytes} NOT NULL,
  created_at BIGINT NOT NULL,
  id {uuid} NOT NULL,
  PRIMARY KEY (organization_id, membership_id, key_hash)
);

CREATE INDEX ix_idempotency_key_1 ON idempotency_key (created_at);

CREATE TABLE setting (
  organization_id {uuid} NOT NULL,
  name TEXT NOT NULL,
  value {bytes} NOT NULL,
  updated_at BIGINT NOT NULL,
  id {uuid} NOT NULL,
  PRIMARY KEY (organization_id, name)
);

CREATE TABLE server_meta (
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (name)
);
