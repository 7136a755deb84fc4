import { mount } from '@vue/test-utils'
import { afterEach, describe, expect, it } from 'vitest'
import { defineComponent, h } from 'vue'
import { Problem } from '@/api/problem'
import { i18n, setLocale } from '@/i18n'
import { useProblems } from './problems'

function problems() {
  let found = null as ReturnType<typeof useProblems> | null
  const Host = defineComponent({
    setup() {
      found = useProblems()
      return () => h('i')
    },
  })
  mount(Host, { global: { plugins: [i18n] } })
  if (!found) throw new Error('not mounted')
  return found
}

const sealed = new Problem({
  type: '/problems/on-its-way',
  status: 409,
  detail: 'This answer is on its way already and cannot be taken back.',
})
const wrong = new Problem({
  type: '/problems/invalid',
  status: 422,
  detail: 'password: take 10 characters or more',
  errors: [{ field: 'new_password', message: 'take 10 characters or more' }],
})
const unheard = new Problem({ type: '/problems/unheard-of', status: 409, detail: 'In English.' })

afterEach(() => setLocale('en'))

describe('problems', () => {
  it('are told in the reader’s language', async () => {
    await setLocale('nl')
    const { words, field } = problems()
    expect(words(sealed)).toBe('Dit antwoord is al onderweg en kan niet meer worden tegengehouden.')
    expect(field(wrong, 'new_password')).toBe('Kies een langer wachtwoord: minstens 10 tekens.')
    expect(words(wrong)).toBe('Kies een langer wachtwoord: minstens 10 tekens.')
    expect(words(unheard)).toBe('Dit kan niet meer: er is intussen iets veranderd.')
  })

  it('are told in the server’s words to who reads English', () => {
    const { words, field } = problems()
    expect(field(wrong, 'new_password')).toBe('Take 10 characters or more.')
    expect(words(unheard)).toBe('In English.')
  })
})
