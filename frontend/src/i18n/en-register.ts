// The register of processing.
export const register = {
  title: 'Register of processing',
  intro:
    'What Loket does with people’s data, made from how this server is configured right now. It is what article 30 of the GDPR asks for; an owner fills in what only you know.',
  made: '{organization}, {at}',
  print: 'Print',
  activities: 'What is processed, and why',
  data_label: 'Data',
  people_label: 'Of whom',
  purpose: {
    answer_customers: 'Reading and answering customers’ mail',
    let_users_in: 'Letting users in, and nobody else',
    accountability: 'Being able to say who read and did what',
    continuity: 'Coming back after a loss (backups)',
  },
  data: {
    contact_details: 'names and e-mail addresses',
    correspondence: 'what the mail says',
    attachments: 'attachments',
    delivery_records: 'who sent when to which address',
    work_notes: 'notes, drafts and statuses',
    user_details: 'names, addresses and roles of users',
    sign_in_data: 'password hashes and sessions',
    mailbox_access: 'tokens and passwords of mailboxes',
    access_log: 'who did what when, by numbers',
    sealed_copies: 'all of the above, encrypted',
  },
  people: {
    customers: 'customers',
    mentioned: 'people mentioned in mail or in copy',
    users: 'users',
  },
  retention: 'How long it is kept',
  retention_none: 'No mailbox is connected.',
  then_delete:
    'deleted {n} month after a ticket’s last message | deleted {n} months after a ticket’s last message',
  then_anonymize:
    'made anonymous {n} month after a ticket’s last message | made anonymous {n} months after a ticket’s last message',
  others: 'spam {spam} days, trash {trash} days, quarantine {quarantine} days',
  waits: 'This rule waits for an admin: nothing is removed before.',
  delivery: 'Records of delivery: {n} months',
  undo: 'A disconnected mailbox can come back for: {n} days',
  keyring_backups: 'Backups of the keys: {n} days',
  data_backups: 'Backups of the data: {n} days',
  measures: 'What protects it',
  measure: {
    sealed_at_rest:
      'What people wrote is encrypted (AES-256-GCM), with a key for each ticket and message.',
    keyring_in_own_file: 'The keys are in a file of their own, apart from the data.',
    keyring_in_own_cluster: 'The keys are in a database cluster of their own, apart from the data.',
    keyring_in_same_cluster:
      'The keys are in the same database cluster as the data: a backup of the cluster holds both.',
    root_key_apart: 'The keys are encrypted with a root key that is in no database.',
    keys_destroyed_first: 'Deleting destroys keys first, and no backup brings them back.',
    encrypted_connections: 'Connections to mail servers are encrypted, or not made.',
    read_by_members_only: 'Users read only the mailboxes that they belong to; admins too.',
    reads_logged:
      'Every read is logged before it is shown, in a log that shows when it was altered.',
    remote_images_off: 'Images from elsewhere are off until somebody asks for them.',
    private_hosts_refused: 'Mail servers inside the server’s own network are refused.',
    private_hosts_allowed: 'Mail servers inside the server’s own network are allowed.',
  },
  hosts: 'Where data goes',
  hosts_text:
    'Every host outside that this server may talk to, by its configuration and its mailboxes.',
  hosts_none: 'None: this server talks to nobody outside.',
  use: {
    mailbox_sign_in: 'Sign-in to mailboxes: the address and tokens',
    read_mail: 'Reading mail: what opens the mailbox goes there',
    send_mail: 'Sending answers: addresses, text and files',
    own_mail:
      'Loket’s own mail: users’ addresses, numbers, links, what an operator writes to admins',
    sealed_objects: 'Large mail and attachments, encrypted',
    database: 'The data: encrypted, with ids, times and counts that are not',
    keyring: 'The keys, encrypted with the root key',
    virus_scanner: 'Files, to be looked at for viruses',
  },
  unnamed: {
    remote_images:
      'Hosts of images named in mail, only when an agent asks to see them: through Loket, without cookies and without the reader’s address.',
    connection_test:
      'A mail server that an admin enters, while the connection is tested: what opens the mailbox.',
    local_mail_program:
      'Answers of a mailbox that hands them to the mail program of this machine: where that sends them is its own setting.',
  },
  unnamed_title: 'Hosts that no setting names',
  country: 'Country',
  country_hint: 'Where the data is then.',
  safeguard: 'Transfer safeguard',
  safeguard_hint: 'Such as: within the EEA, adequacy decision, standard contractual clauses.',
  contract: 'Contract',
  contract_hint: 'Such as: data processing agreement of 1 March 2026.',
  unknown: 'not filled in',
  fill_in: 'Fill in',
  fill_in_for: 'Fill in {host}',
  limits: 'Limits of use',
  limits_text: 'What the providers ask of everybody who reads mail through them.',
  limits_google: 'Google: API Services User Data Policy, Limited Use',
  limits_google_1:
    'Data from Gmail is used only to show and answer mail here, which is what you see in Loket.',
  limits_google_2:
    'It is handed to nobody else, except to do that, for security, by law, or with a merger that you agreed to.',
  limits_google_3: 'It is not used for advertising, not sold, and not used to train AI models.',
  limits_google_4:
    'People read it only where you agreed (your own users do), for security, or by law.',
  limits_microsoft: 'Microsoft: APIs Terms of Use',
  limits_microsoft_1:
    'Only the permissions that are needed are asked for: reading and sending mail.',
  limits_microsoft_2:
    'Data is used only as the user agreed, is kept no longer than needed, and is deleted when access ends.',
  limits_microsoft_3: 'It is not sold and not used for advertising; access is secured and logged.',
  limits_microsoft_4: 'A breach is reported to Microsoft and to those concerned.',
  limits_read: 'Read it at {name}',
  in_use: 'in use here',
  not_in_use: 'not in use here',
  disclosures: 'Disclosures to authorities',
  disclosures_text:
    'What was handed to an authority. What is recorded cannot be changed or removed.',
  disclosures_none: 'None has been recorded.',
  disclose: 'Record a disclosure',
  date: 'Date',
  authority: 'Authority',
  legal_basis: 'Legal basis',
  what: 'What was disclosed',
  decided_by: 'Who decided',
  recorded: 'Recorded by {name}, {at}',
  recorded_gone: 'Recorded {at}',
  disclosed: 'The disclosure is recorded',
}
