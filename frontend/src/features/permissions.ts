/** The permissions that the interface asks about; the server decides about each act itself. */
export const PERMISSION = {
  mailboxes: 'mailboxes.manage',
  quarantine: 'quarantine.manage',
  users: 'users.manage',
  audit: 'audit.read',
  organization: 'organization.manage',
  holds: 'holds.manage',
  requests: 'requests.manage',
  read: 'tickets.read',
  work: 'tickets.work',
} as const
