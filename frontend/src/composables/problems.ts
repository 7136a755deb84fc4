import { useI18n } from 'vue-i18n'
import { Problem } from '@/api/problem'
import { showToast } from './toasts'

/** Says what went wrong in the reader's language: by type, else in the server's words, else by status. */
export function useProblems() {
  const { t, te } = useI18n()

  function words(error: unknown): string {
    if (!(error instanceof Problem)) return t('problem.s500')
    const byType = `problem_type.${error.code.replaceAll('-', '_')}`
    if (te(byType, 'en')) return t(byType)
    if (error.detail) return error.detail
    const byStatus = `problem.s${error.status}`
    return te(byStatus, 'en') ? t(byStatus) : error.title || t('problem.s500')
  }

  function field(error: unknown, name: string): string | null {
    return error instanceof Problem ? (error.errors[name] ?? null) : null
  }

  function toast(error: unknown, before?: string): void {
    showToast(before ? `${before} ${words(error)}` : words(error), { tone: 'bad' })
  }

  return { words, field, toast }
}
