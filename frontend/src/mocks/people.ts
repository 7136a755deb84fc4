import type { User } from '../api/types'

export const USERS: User[] = [
  {
    id: '0192a000-0000-7000-8000-000000000001',
    name: 'Sanne de Vries',
    email: 'sanne@veldkeuken.example',
    role: 'owner',
  },
  {
    id: '0192a000-0000-7000-8000-000000000002',
    name: 'Joris Bakker',
    email: 'joris@veldkeuken.example',
    role: 'agent',
  },
  {
    id: '0192a000-0000-7000-8000-000000000003',
    name: 'Aylin Yıldız',
    email: 'aylin@veldkeuken.example',
    role: 'agent',
  },
  {
    id: '0192a000-0000-7000-8000-000000000004',
    name: 'Tom Peeters',
    email: 'tom@veldkeuken.example',
    role: 'admin',
  },
  {
    id: '0192a000-0000-7000-8000-000000000005',
    name: 'Ruth Mensah',
    email: 'ruth@veldkeuken.example',
    role: 'auditor',
  },
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
