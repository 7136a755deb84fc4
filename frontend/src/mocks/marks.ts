// Tags and teams of the mock's organization.
import type { Tag, Team } from '../api/types'
import { USERS } from './people'

export const TAGS: Tag[] = [
  { id: '0192d000-0000-7000-8000-000000000001', name: 'Bezorging', color: 'orange', version: 1 },
  { id: '0192d000-0000-7000-8000-000000000002', name: 'Retour', color: 'purple', version: 1 },
  { id: '0192d000-0000-7000-8000-000000000003', name: 'VIP', color: 'red', version: 1 },
  { id: '0192d000-0000-7000-8000-000000000004', name: 'Groothandel', color: 'teal', version: 1 },
]
export const TEAMS: Team[] = [
  {
    id: '0192d000-0000-7000-8000-000000000101',
    name: 'Klantenservice',
    member_ids: USERS.slice(0, 3).map(({ id }) => id),
    version: 1,
  },
]
