import type { User } from '../api/types'

const user = (number: number, name: string, role: User['role']): User => ({
  id: `0192a000-0000-7000-8000-00000000000${number}`,
  name,
  email: `${name.split(' ')[0]?.toLowerCase() ?? ''}@veldkeuken.example`,
  photo: null,
  role,
  state: 'active',
  invitation_expires_at: null,
  mailboxes: [],
  version: 1,
})

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()

export const USERS: User[] = [
  user(1, 'Sanne de Vries', 'owner'),
  { ...user(2, 'Joris Bakker', 'agent'), photo: 1 },
  user(3, 'Aylin Yıldız', 'agent'),
  user(4, 'Tom Peeters', 'admin'),
  user(5, 'Ruth Mensah', 'auditor'),
  { ...user(6, 'Noor Hassan', 'agent'), state: 'invited', invitation_expires_at: inDays(6) },
  { ...user(7, 'Pieter Smulders', 'agent'), state: 'invited', invitation_expires_at: inDays(-2) },
  { ...user(8, 'Wim Kuipers', 'agent'), state: 'disabled' },
]

export const CUSTOMERS: [string, string][] = [
  ['Marieke van Dijk', 'marieke.vandijk@example.nl'],
  ['Thomas Keller', 'thomas.keller@beispiel.example'],
  ['Emma Whitfield', 'emma.whitfield@example.co.uk'],
  ['Bas Hendriks', 'bas.hendriks@example.nl'],
  ['Sophie Brandt', 'sophie.brandt@beispiel.example'],
  ['Oliver Grant', 'o.grant@northmill.example'],
  ['Fatima El Amrani', 'f.elamrani@example.nl'],
  ['Lukas Schneider', 'lukas@schneider-hof.example'],
  ['Hanneke Jansen', 'hanneke.jansen@example.nl'],
  ['Priya Raman', 'priya.raman@example.com'],
  ['Jan-Willem Postma', 'jw.postma@example.nl'],
  ['Katharina Vogel', 'k.vogel@beispiel.example'],
  ['Daan Verbeek', 'daan.verbeek@example.be'],
  ['Charlotte Dubois', 'charlotte.dubois@exemple.example'],
  ['Femke Smit', 'femke.smit@example.nl'],
  ['Michael O’Connor', 'm.oconnor@example.ie'],
]

/** Each address is one customer's. */
export function contactId(address: string): string {
  let hash = 0
  for (const character of address) hash = (hash * 31 + character.charCodeAt(0)) % 2 ** 32
  return `0192f7a0-0000-7000-8000-0000${hash.toString(16).padStart(8, '0')}`
}
