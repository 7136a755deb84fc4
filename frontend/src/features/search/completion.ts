// What can stand where the caret is: a field, or a value of the field that was typed.
import { keepPreviousData, useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { listTags } from '@/api/acts'
import { keys, useColleagues, useMailboxes, useTeams } from '@/features/tickets/queries'
import {
  DATES,
  FIELDS,
  replaceTerm,
  termAt,
  VALUES,
  written,
  type Field,
  type Term,
} from './language'

/** As many at once as one reads at a glance. */
const MOST = 6

export interface Completion {
  /** As it will stand in the query. */
  text: string
  /** What that means. */
  words: string
}

/** Shown before anything is typed. */
const FIRST: Field[] = ['from', 'is', 'has', 'tag', 'assignee', 'after']

/** Fields that are begun with these letters. */
export const fieldsLike = (begun: string): Field[] =>
  begun === '' ? [] : FIELDS.filter((field) => field.startsWith(begun.toLowerCase()))

/** Those that begin with what was typed, then those that have it somewhere. */
export function like<T extends { text: string; words: string }>(all: T[], begun: string): T[] {
  const wanted = begun.toLowerCase()
  const at = ({ text, words }: T) => {
    const places = [text.toLowerCase().indexOf(wanted), words.toLowerCase().indexOf(wanted)]
    return Math.min(...places.map((place) => (place < 0 ? Infinity : place)))
  }
  return all
    .filter((each) => at(each) < Infinity)
    .sort((a, b) => Math.sign(Number(at(a) > 0)) - Math.sign(Number(at(b) > 0)))
}

export function useCompletions(q: () => string, caret: () => number) {
  const { t } = useI18n()
  const mailboxes = useMailboxes()
  const colleagues = useColleagues()
  const teams = useTeams()
  const term = computed<Term>(() => termAt(q(), caret()))
  /** What of the term stands before the caret. */
  const begun = computed(() => {
    const { from, negated, field } = term.value
    const start = from + Number(negated) + (field ? field.length + 1 : 0)
    return q().slice(start, caret()).replaceAll('"', '')
  })
  const tags = useQuery({
    queryKey: computed(() => [...keys.tags, 'find', begun.value]),
    queryFn: ({ signal }) => listTags(begun.value, null, signal),
    placeholderData: keepPreviousData,
    enabled: () => term.value.field === 'tag',
  })

  const named = (names: string[]): Completion[] =>
    names.map((text) => ({ text: written(text), words: text }))

  function values(field: Field): Completion[] {
    switch (field) {
      case 'is':
      case 'has':
      case 'priority':
        return VALUES[field].map((text) => ({ text, words: t(`search.value.${field}_${text}`) }))
      case 'before':
      case 'after':
      case 'on':
        return [...DATES, String(new Date().getFullYear())].map((text) => ({
          text,
          words: /^\d{4}$/.test(text) ? text : t(`search.value.date_${text}`),
        }))
      case 'tag':
        return named((tags.data.value?.items ?? []).map(({ name }) => name))
      case 'mailbox':
        return (mailboxes.data.value ?? []).map(({ display_name, address }) => ({
          text: written(display_name || address),
          words: address,
        }))
      case 'assignee':
        return [
          { text: 'me', words: t('search.value.assignee_me') },
          { text: 'none', words: t('search.value.assignee_none') },
          ...named(colleagues.value.map(({ name }) => name)),
        ]
      case 'team':
        return named((teams.data.value ?? []).map(({ name }) => name))
      default:
        return []
    }
  }

  const fields = (names: Field[]): Completion[] =>
    names.map((name) => ({ text: `${name}:`, words: t(`search.field.${name}`) }))

  const completions = computed<Completion[]>(() => {
    const { field, quoted } = term.value
    if (field) {
      const found = like(values(field), begun.value)
      // What stands there in full needs no help.
      if (found.length === 1 && found[0]?.text.toLowerCase() === begun.value.toLowerCase())
        return []
      return found.slice(0, MOST).map(({ text, words }) => ({ text: `${field}:${text}`, words }))
    }
    if (quoted) return []
    return fields(q().trim() ? fieldsLike(begun.value) : FIRST).slice(0, MOST)
  })

  /** The query with it, and where the caret is then. */
  const complete = ({ text }: Completion) => replaceTerm(q(), term.value, text)

  return { completions, complete }
}
