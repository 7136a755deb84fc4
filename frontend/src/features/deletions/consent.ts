/** Where whoever owns an account withdraws what they have permitted. */
export const CONSENT_PAGES = {
  microsoft: [
    { href: 'https://account.live.com/consent/Manage', label: 'deletion.consent_personal' },
    { href: 'https://myapps.microsoft.com', label: 'deletion.consent_work' },
  ],
  google: [{ href: 'https://myaccount.google.com/connections', label: 'deletion.consent_google' }],
} as const
