import { useI18n } from 'vue-i18n'
import { Problem } from '@/api/problem'
import { showToast } from './toasts'

const sentence = (text: string) =>
  text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? '' : '.')

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
    const said = error instanceof Problem ? error.errors[name] : undefined
    if (said === undefined) return null
    if (locale.value === 'en') return sentence(said)
    const key = `problem_field.${name.replaceAll('.', '_')}`
    return te(key) ? t(key) : t('problem.s422')
  }

  function toast(error: unknown, before?: string): void {
    showToast(before ? `${before} ${words(error)}` : words(error), { tone: 'bad' })
  }

  return { words, field, toast }
}
