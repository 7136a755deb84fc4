// Connecting mailboxes, how they are, and what their tests say.
import { mailbox_state } from './en-marks'

export const mailbox = {
  title: 'Mailboxes',
  intro:
    'Loket reads these mailboxes and answers from them. It never changes or deletes the mail in them.',
  connect: 'Connect a mailbox',
  connect_title: 'Connect a mailbox',
  empty: 'No mailbox yet',
  empty_text: "Connect the first mailbox, for example support{'@'}your-company. It takes a minute.",
  provider: {
    google: 'Google',
    microsoft: 'Microsoft',
    imap: 'IMAP and SMTP',
    maildir: 'Maildir',
  },
  provider_text: {
    google: 'Gmail and Google Workspace',
    microsoft: 'Outlook and Microsoft 365',
    imap: 'Any other mail provider, with a password',
    maildir: 'A folder on this server',
  },
  state: mailbox_state,
  banner: {
    label: 'Mailboxes that are not read',
    since: 'No mail from {name} since {when}.',
    never: 'No mail from {name}.',
    many: 'No mail from {n} mailboxes: {names}.',
    paused: '{name} is paused: its mail is not read, and answers wait.',
    ask: 'Ask an admin to connect it again.',
    ask_error: 'Ask an admin to look at it.',
    ask_many: 'Ask an admin to look at them.',
    reconnect: 'Reconnect',
    open: 'See what is wrong',
    resume: 'Resume',
    dismiss: 'Put this notice away',
  },
  last_sync: 'Checked {when}',
  never_synced: 'Not checked yet',
  counts: '{imported} imported · {skipped} skipped',
  quarantined: '{n} in quarantine',
  comparison:
    'On the server: {on_server} = {imported} imported + {duplicates} there already + {left_out} left out · compared {when}',
  missed:
    'One of them had been missed, and was fetched. | {count} of them had been missed, and were fetched.',
  skipped_why: 'Why mail was skipped',
  skipped_reason: {
    sent_unrelated: 'sent from this mailbox, and nobody has answered it',
    own_answer: 'copies of our own answers',
    same_content: 'mail that was here already',
    bounce_unmatched: 'delivery failures of mail that did not leave from Loket',
    notice_unmatched: 'delivery notices about mail that did not leave from Loket',
    before_connection: 'was there before the mailbox was connected',
    before_import_date: 'from before the date to read from',
    after_connection: 'archived after the mailbox was connected',
    spam: 'spam in the imported archive',
    trash: 'trash in the imported archive',
    draft: 'drafts in the imported archive',
    chat: 'chats in the imported archive',
    erased: 'erased at the request of a person',
    not_handed_out: 'named by the provider and not handed out',
    other: 'other',
  },
  sync: 'Check now',
  syncing: 'Checking for new mail',
  pause: 'Pause',
  resume: 'Resume',
  reconnect: 'Reconnect',
  paused_toast: '{address} is paused',
  resumed_toast: '{address} is read again',
  importing: 'Reading existing mail',
  import_of: '{read} of {total}',
  import_read: '{read} read so far',
  import_waits:
    'Today’s share of what the provider hands out is used up. New mail comes in; {when} older mail goes on too.',
  access_ends: {
    client_secret:
      'End of Loket’s client secret at {provider}: {when}. Make a new one there and enter it, or no mail comes in after that.',
    grant:
      'End of the permission that {provider} gave for this mailbox: {when}. Reconnect, and Loket goes on as before.',
  },
  access_renew_secret: 'Enter a new secret',
  fix: {
    needs_reauthorization:
      'The permission has expired or was taken back. Reconnect, and Loket catches up by itself.',
    sign_in_refused:
      'The mail server refused the sign-in. Reconnect, or fill in the new password; Loket catches up by itself.',
    client_refused:
      'The provider does not accept Loket’s client. Check its id and secret, and whether the secret has expired; Loket goes on by itself.',
    provider_unavailable:
      'The provider hands out no access right now. Loket keeps trying; nothing is lost.',
    not_connected:
      'The account was recognized, but its provider does not open this mailbox. Check that the account has full access to it and that IMAP is on; it may also be asking Loket to slow down.',
    temporarily_unavailable:
      'The mail server is busy or asks Loket to slow down. It goes on by itself.',
    refused:
      'The mail server refused what Loket asked. Often IMAP is switched off for this account: switch it on at the provider.',
    host_not_found: 'The mail server’s name cannot be found. Check it; Loket keeps trying.',
    host_name_invalid: 'The mail server’s name is not valid. Check it.',
    internal_address:
      'The mail server is in an internal network, which Loket’s configuration does not allow.',
    connection_refused:
      'The mail server does not accept connections. Check its name and port; Loket keeps trying.',
    connection_lost: 'The connection with the mail server breaks. Loket keeps trying.',
    certificate_not_accepted:
      'The mail server’s certificate is not valid for its name. Check the name of the server.',
    tls_failed:
      'No encrypted connection could be made with the mail server. Check port and encryption.',
    extra_roots_invalid: 'The extra certificates in Loket’s configuration cannot be used.',
    timeout:
      'The mail server does not answer in time. Check its name and port; Loket keeps trying.',
    protocol_error: 'There is no IMAP server at this name and port. Check both.',
    maildir_unreadable: 'The folder cannot be found or read. Check its path and its rights.',
    internal: 'Something went wrong in Loket. It keeps trying; the server’s log says more.',
    other: 'Loket keeps trying. If this stays, check the settings of this mailbox.',
  },
  settings_of: 'Settings of {address}',
  display_name: 'Display name',
  display_name_hint: 'What customers see as the sender.',
  language: 'Language',
  language_hint: 'For quoted headers and automatic lines in answers.',
  signature: 'Signature',
  signature_hint: 'Added below every answer from this mailbox.',
  ack: {
    title: 'Automatic acknowledgement',
    intro:
      'Tells customers at once that their mail has arrived. They keep waiting for your answer.',
    enabled: 'Answer new tickets from this mailbox at once',
    text: 'Text',
    preview: 'What the customer gets',
    from: 'From',
    subject: 'Subject',
    rules:
      'Nothing that the sender wrote is repeated. It goes out for new tickets only: not for imported mail, mail over an hour old, spam, newsletters, automatic mail, contact forms, blocked customers or a forged sender; an address gets one a day at most, and a mailbox sends 100 an hour at most.',
  },
  password: 'New password',
  password_hint: 'Only to replace the one that Loket has.',
  members: 'Members',
  members_text: 'Only they see tickets from this mailbox.',
  members_saved: 'Members saved',
  members_count: '{n} member | {n} members',
  import_title: 'Existing mail',
  import_now: 'From now on',
  import_now_text: 'Only mail that arrives after connecting.',
  import_since: 'Since a date',
  import_since_text: 'Older answered mail arrives closed and read.',
  import_all: 'Everything',
  import_all_text: 'The whole mailbox, as history.',
  import_date: 'From',
  go_google: 'Continue with Google',
  go_microsoft: 'Continue with Microsoft',
  oauth_text:
    'You sign in at {provider} as the mailbox that you want to connect, and come back here.',
  not_configured:
    'Loket has no client id for {provider} yet. Register Loket there once, then anybody can connect mailboxes.',
  not_configured_member: 'Ask an administrator to register Loket at {provider} first.',
  configure: 'Set up {provider}',
  address: 'E-mail address',
  imap: 'Reading (IMAP)',
  smtp: 'Sending (SMTP)',
  host: 'Server',
  port: 'Port',
  tls: 'Encryption',
  tls_implicit: 'TLS',
  tls_starttls: 'STARTTLS',
  user_name: 'User name',
  user_name_hint: 'Often the e-mail address.',
  mailbox_password: 'Password',
  app_password_hint: 'Many providers want an app password here.',
  path: 'Folder',
  path_hint:
    'A Maildir on the server, with the folders new and cur, inside a folder that security.maildir_folders in the server’s configuration names. At the command line (loket mailbox add) any folder can be linked.',
  deliver: 'Answers',
  deliver_folder: 'Put in a folder',
  deliver_sendmail: 'Hand to sendmail',
  deliver_path: 'Folder for answers',
  test: 'Test connection',
  testing: 'Testing…',
  test_ok: 'Everything works.',
  test_failed: 'Not yet. See below what is wrong.',
  test_step: {
    resolve: 'Find the server',
    connect: 'Connect',
    tls: 'Secure the connection',
    imap_login: 'Sign in for reading',
    imap_folders: 'Find the folders',
    smtp_login: 'Sign in for sending',
    imap: 'Reading (IMAP)',
    smtp: 'Sending (SMTP)',
    read: 'Read the folder',
    deliver: 'Write answers',
  },
  check: {
    signed_in_for_reading: 'Signed in where mail is read.',
    signed_in_for_sending: 'Signed in where answers are handed in.',
    inbox_found: 'Mails in the inbox: {count}.',
    folder_found: 'Mails in the folder: {count}.',
    delivers_to_folder: 'Answers are put into a folder.',
    delivers_to_sendmail: 'Answers are handed to sendmail.',
    password_missing: 'Fill in the password.',
    servers_missing: 'Fill in the servers for reading and for sending.',
    path_missing: 'Fill in the path of the Maildir.',
    deliver_missing: 'Choose where answers go.',
    folder_unreadable:
      'The folder cannot be read. Name one on the server that has new and cur in it and that Loket may read.',
    deliver_folder_missing:
      'The folder for answers, and the one above it, are not there. Make it, or name another.',
    sendmail_missing:
      'There is no program {path}. Install a mail server on this machine, or name another program.',
    no_such_server: 'There is no server called {host}. Check the spelling.',
    internal_address:
      '{host} is an internal address. The operator can allow that: security.allow_private_mail_hosts = true.',
    no_answer:
      '{host} does not answer on port {port}. Check the port, and whether a firewall is between.',
    bad_certificate:
      'The certificate of {host} is not valid for that name, or not signed by anybody whom this machine trusts.',
    no_encryption:
      'No encrypted connection to {host} on port {port}. Try the other kind of encryption (TLS or STARTTLS).',
    closed: '{host} closed the connection. Check port and encryption.',
    not_imap: '{host} does not answer like an IMAP server. Check name, port and encryption.',
    sign_in_refused:
      '{host} does not accept the name or password. Check both; some providers want an app password.',
    sending_refused: '{host} does not accept the sign-in for sending.',
    busy: '{host} is busy. Try again in a few minutes.',
    refused: '{host} refuses.',
    smtp_auth_disabled:
      'Sending by SMTP is switched off for this mailbox. A Microsoft 365 administrator can switch it on: admin center, Users, Active users, the mailbox, Mail, Manage email apps, tick Authenticated SMTP (and allow it for the organization, if it is off there).',
    sender_refused:
      'The mailbox may not send from this address. Send from its own address, or let its administrator add the address as an alias or grant Send As.',
    smtp_failed: 'Signing in at {host} failed. Check name, port and encryption.',
  },
  server_said: 'The server says:',
  step_ok: 'works',
  step_failed: 'failed',
  add: 'Connect mailbox',
  connected: '{address} is connected',
  shared_address: 'Shared mailbox (optional)',
  shared_address_hint:
    'The address of a shared mailbox that you may open. You sign in as yourself; answers come from the shared address.',
  admin_consent: 'Page for administrators',
  admin_consented: 'Loket is approved for your organization. Connect the mailbox now.',
  connected_any: 'The mailbox is connected',
  oauth_error: {
    access_denied: 'Permission was not given, so nothing was connected.',
    invalid_state: 'This sign-in did not start here or took too long. Start again.',
    missing_scope:
      'Permission to read and send mail was not given. Try again and leave every box ticked.',
    admin_consent_required:
      'Your organization’s administrator at the provider has to approve Loket first. Ask them, then try again.',
    wrong_account: 'You signed in as a different mailbox than the one to reconnect.',
    already_linked: 'This mailbox is already connected.',
    imap_refused:
      'The consent worked, but the mail server does not open this mailbox. Check that IMAP is on for the account (at Google under Settings, Forwarding and POP/IMAP; at Microsoft under Manage email apps) and that it has a mailbox. Then connect again.',
    smtp_refused:
      'Reading works, but the server for sending refuses this mailbox. At Microsoft 365, switch on Authenticated SMTP for the mailbox and for the organization. Then connect again.',
    server_unreachable:
      'The consent worked, but the provider’s mail server cannot be reached from here right now. Try again in a few minutes; if it stays, a firewall may be between.',
    mailbox_leaving:
      'The data of this mailbox is being deleted already. Connect it anew once it is gone: the page Deletions tells when.',
    exchange_failed: 'The provider did not confirm the sign-in. Check the client id and secret.',
    provider_unavailable: 'The provider does not answer right now. Try again in a few minutes.',
    not_configured: 'Fill in the client id and secret of this provider first.',
    internal: 'Something went wrong in Loket. Try again; the server’s log says more.',
    other: 'Connecting did not work ({code}). Try again.',
  },
}
