import { useI18n } from 'vue-i18n'
import type { QueryProblem } from './types'

/** What is wrong with a query, as a sentence. */
export function useQueryWords() {
  const { t, te } = useI18n()
  return ({ code, field }: QueryProblem): string => {
    const key = `search.wrong.${code}`
    return te(key) ? t(key, { field: field ?? '' }) : t('search.wrong.other')
  }
}

/** The query in three: before what is wrong, that, and behind it. */
export function cut(q: string, { from, to }: Pick<QueryProblem, 'from' | 'to'>) {
  const start = Math.max(0, Math.min(from, q.length))
  const end = Math.max(start, Math.min(to, q.length))
  return [q.slice(0, start), q.slice(start, end), q.slice(end)] as const
}
