// How the user likes the pages, on every device. Shown at once, kept by the server.
import { computed } from 'vue'
import { savePreferences } from '@/api/session'
import type { Preferences } from '@/api/types'
import { useProblems } from './problems'
import { applyPreferences, useSession } from './session'

export function usePreferences() {
  const session = useSession()
  const problems = useProblems()
  const preferences = computed(() => session.value.preferences)

  async function change(wanted: Partial<Preferences>): Promise<void> {
    const before = session.value.preferences
    applyPreferences({ ...before, ...wanted })
    try {
      applyPreferences(await savePreferences({ ...before, ...wanted }))
    } catch (error) {
      applyPreferences(before)
      problems.toast(error)
    }
  }

  return { preferences, change }
}
