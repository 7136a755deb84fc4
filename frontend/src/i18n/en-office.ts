import { closing } from './en-closing'
import { deletion, disconnect, statement } from './en-deletions'
import { exports_ } from './en-exports'
import { incident } from './en-incident'
import { filter, list, ticket } from './en-later'
import { mailbox } from './en-mailbox'
import { flag, message } from './en-message'
import { palette } from './en-palette'
import { policy } from './en-policies'
import { profile } from './en-profile'
import { register } from './en-register'
import { request } from './en-requests'
import { hold, retention } from './en-retention'
import { search } from './en-search'
import { elsewhere, follower, joined } from './en-ticket'
import { session } from './en-session'
import { users } from './en-users'

/** What the settings and the pages behind them say: fetched after the desk's words. */
export default {
  closing,
  elsewhere,
  follower,
  joined,
  deletion,
  disconnect,
  statement,
  export: exports_,
  filter,
  incident,
  list,
  mailbox,
  message,
  flag,
  palette,
  policy,
  profile,
  register,
  request,
  hold,
  retention,
  search,
  session,
  users,
  ticket,
  setup: {
    title: 'Welcome to Loket',
    intro: 'Two minutes, and your team can answer mail from here.',
    token: 'Setup code',
    token_hint: 'Printed in the terminal where Loket was started.',
    organization: 'Organization',
    organization_hint: 'As your customers know it.',
    time_zone: 'Time zone',
    name: 'Your name',
    email: 'Your e-mail address',
    password: 'Password',
    password_hint: 'At least 10 characters. A short sentence is fine.',
    submit: 'Set up Loket',
  },
  provider: {
    title: 'Set up {provider}',
    intro: 'Register Loket once at {provider}. It takes five minutes and costs nothing.',
    redirect_uri: 'Redirect URI',
    redirect_uri_hint: 'Register exactly this address.',
    admin_consent_url: 'Approval by an administrator',
    admin_consent_url_hint:
      'If your organization wants one: send this address to an administrator at the provider.',
    scopes: 'Permissions (scopes)',
    copy: 'Copy',
    copied: 'Copied',
    client_id: 'Client ID',
    client_secret: 'Client secret',
    secret_ends: 'Last day of the secret',
    secret_ends_hint:
      'As the provider’s console shows it. Owners and admins are told 30, 7 and 1 day before.',
    secret_kept: 'Leave empty to keep the secret that Loket has.',
    tenant: 'Tenant',
    tenant_hint: 'Leave “organizations” unless only one organization may sign in.',
    from_config: 'Set in the server’s configuration; it can only be changed there.',
    saved: '{provider} is set up',
    steps_google: [
      'Open the Google Cloud console, choose or make a project, and switch on the Gmail API.',
      'Under “OAuth consent screen”, choose Internal if all mailboxes are of your own Google Workspace, External otherwise, and add the scopes below.',
      'If you chose External: press “Publish app”. While the app is in “Testing”, only test users can connect, and Google ends each sign-in after 7 days: the mailbox then stops until somebody connects it again. Once published, Google may warn that it has not verified the app: for your own mailboxes go on by “Advanced”.',
      'Under “Credentials”, create an OAuth client ID of type “Web application” with the redirect URI below.',
      'Copy the client ID and the client secret to here.',
    ],
    steps_microsoft: [
      'Open the Microsoft Entra admin center, “App registrations”, “New registration”.',
      'Choose who may sign in, and add the redirect URI below for the platform “Web”.',
      'Under “API permissions”, add the delegated permissions below.',
      'Under “Certificates & secrets”, make a client secret. Copy its value and the application (client) ID to here.',
    ],
  },
  settings_group: {
    personal: 'Personal',
    organization: 'Organization',
    mail: 'Mail',
    data: 'Data and privacy',
  },
  narrow: { find: 'Search this list', none: 'Nothing here has these words.', more: 'Show more' },
  quarantine: {
    title: 'Quarantine',
    intro: 'Mail that Loket could not process. It is kept safe here; nothing is lost.',
    empty: 'Nothing in quarantine',
    empty_text: 'Every mail could be processed.',
    mailbox: 'Mailbox',
    any_mailbox: 'All mailboxes',
    why: 'Reason',
    any_reason: 'All reasons',
    day: 'Came in on',
    none: 'No mail in quarantine fits this',
    clear: 'Show all',
    original: 'Download original',
    retry: 'Try again',
    retried: 'Loket tries this mail again',
    more: 'Show more',
    attempts: '{n} attempt | {n} attempts',
    reason: {
      nested_too_deep: 'Nested too deeply',
      too_large: 'Too large',
      header_too_large: 'Its header is too large',
      too_many_headers: 'Too many header fields',
      empty: 'Empty',
      panic: 'Stopped the processing twice',
      unreadable: 'The mail server does not hand it out',
      tried_too_often: 'Stopped the processing several times',
      other: 'Could not be processed',
    },
  },
}
