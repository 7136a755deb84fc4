import type { Mailbox, MailboxState } from '@/api/types'

export const STATE_TONES: Record<MailboxState, string> = {
  connecting: 'bg-accent-soft text-accent-text',
  importing: 'bg-accent-soft text-accent-text',
  active: 'bg-ok-soft text-ok',
  needs_reauthorization: 'bg-warn-soft text-warn',
  paused: 'bg-active text-muted',
  error: 'bg-bad-soft text-bad',
  disconnected: 'bg-active text-muted',
}

/** What each provider must be asked for, for reading and sending mail. */
export const SCOPES = {
  google: ['openid', 'email', 'https://mail.google.com/'],
  microsoft: [
    'openid',
    'email',
    'offline_access',
    'https://outlook.office.com/IMAP.AccessAsUser.All',
    'https://outlook.office.com/SMTP.Send',
  ],
} as const

export const isOAuth = (mailbox: Mailbox) =>
  mailbox.provider === 'google' || mailbox.provider === 'microsoft'

/** The code of what an administrator has to do, or null when all is well. */
export function troubleOf(mailbox: Mailbox): string | null {
  if (mailbox.error) return mailbox.error.code
  return mailbox.state === 'needs_reauthorization' || mailbox.state === 'error'
    ? mailbox.state
    : null
}

/** One that needs a sign-in for so long is disconnected, unless somebody keeps its data. */
const DEAD_AFTER_DAYS = 14
const DAY = 86_400_000

/** Whole days until a mailbox that needs a sign-in is disconnected; null when nothing threatens it. */
export function daysUntilDisconnected(
  { state, state_at, kept_at }: Pick<Mailbox, 'state' | 'state_at' | 'kept_at'>,
  now: number,
): number | null {
  if (state !== 'needs_reauthorization' || kept_at !== null) return null
  const left = Date.parse(state_at) + DEAD_AFTER_DAYS * DAY - now
  return Math.max(0, Math.floor(left / DAY))
}
