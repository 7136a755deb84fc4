import { watch, type Ref, type WatchSource } from 'vue'
import { useI18n } from 'vue-i18n'
import { Problem } from '@/api/problem'
import { showToast } from './toasts'

const sentence = (text: string) =>
  text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? '' : '.')

/** What belongs to one field though the server names none, by type. */
const FIELD_OF: Record<string, string> = { 'name-taken': 'name', 'already-linked': 'address' }

/** Leads to the first field of a form that is not right, when the server has said so. */
export function useFocusWrong(form: Readonly<Ref<HTMLElement | null>>, error: WatchSource): void {
  watch(error, () => form.value?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus(), {
    flush: 'post',
  })
}

/**
 * Says what went wrong in the reader's language: by type, else by status. The server's own sentence
 * is English, and says more: who reads English gets it.
 */
export function useProblems() {
  const { t, te, locale } = useI18n()

  function words(error: unknown): string {
    if (!(error instanceof Problem)) return t('problem.s500')
    if (error.code === 'offline') return t('problem.offline')
    const byType = `problem_type.${error.code.replaceAll('-', '_')}`
    if (te(byType)) return t(byType)
    const fields = Object.keys(error.errors)
    if (fields.length) return fields.map((name) => field(error, name)).join(' ')
    if (error.detail && locale.value === 'en') return error.detail
    const byStatus = `problem.s${error.status}`
    return te(byStatus) ? t(byStatus) : t('problem.s500')
  }

  function field(error: unknown, name: string): string | null {
    if (!(error instanceof Problem)) return null
    if (FIELD_OF[error.code] === name) return words(error)
    const said = error.errors[name]
    if (said === undefined) return null
    if (locale.value === 'en') return sentence(said)
    const key = `problem_field.${name.replaceAll('.', '_')}`
    return te(key) ? t(key) : t('problem.s422')
  }

  /** What goes above a form: nothing, if these fields say all of it. */
  function above(error: unknown, ...fields: string[]): string | null {
    if (!error) return null
    const wrong =
      error instanceof Problem ? [FIELD_OF[error.code] ?? Object.keys(error.errors)].flat() : []
    return wrong.length && wrong.every((name) => fields.includes(name)) ? null : words(error)
  }

  function toast(error: unknown, before?: string): void {
    showToast(before ? `${before} ${words(error)}` : words(error), { tone: 'bad' })
  }

  return { words, field, above, toast }
}
