import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { mount, RouterLinkStub } from '@vue/test-utils'
import { expect, it } from 'vitest'
import type { Mailbox } from '@/api/types'
import { i18n } from '@/i18n'
import AccessEnding from './AccessEnding.vue'
import ImportProgress from './ImportProgress.vue'

const plugins = [i18n, [VueQueryPlugin, { queryClient: new QueryClient() }]] as never
const global = { plugins, stubs: { RouterLink: RouterLinkStub } }
const later = (days: number) => new Date(Date.now() + days * 86_400_000 + 60_000).toISOString()

function words(fields: Partial<Mailbox>) {
  const mailbox = { id: 'b', provider: 'microsoft', state: 'active', ...fields } as Mailbox
  return mount(AccessEnding, { props: { mailbox }, global }).text()
}

it('says what ends, when, and what to do', () => {
  const secret = words({ access_ends: { at: later(6), what: 'client_secret' } })
  expect(secret).toContain('client secret at Microsoft: in 6 days')
  expect(secret).toContain('Enter a new secret')
  const grant = words({ access_ends: { at: later(1), what: 'grant' } })
  expect(grant).toContain('for this mailbox: tomorrow')
  expect(grant).toContain('Reconnect')
})

it('says nothing where nothing ends, or a sign-in is needed anyway', () => {
  expect(words({ access_ends: null })).toBe('')
  const ends = { at: later(6), what: 'grant' as const }
  expect(words({ access_ends: ends, state: 'needs_reauthorization' })).toBe('')
})

it('says when an import goes on', () => {
  const mailbox = {
    address: 'a@b.example',
    import: { mode: 'all' as const, since: null, read: 5, total: 10, waits_until: later(1) },
  }
  const progress = mount(ImportProgress, { props: { mailbox }, global })
  expect(progress.text()).toContain('tomorrow older mail goes on too')
})
