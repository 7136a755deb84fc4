// Taking back what was done to contacts, the last act first: by the toast, or by `z`.
import { useQueryClient } from '@tanstack/vue-query'
import { useI18n } from 'vue-i18n'
import type { ContactProfile } from '@/api/types'
import { useProblems } from '@/composables/problems'
import { dismissAbout, showToast } from '@/composables/toasts'
import { contactKeys } from './queries'

interface Act {
  about: string
  /** How the contact is as before; refused where that would undo what somebody else has done since. */
  back: () => Promise<ContactProfile>
}

/** So many acts can be taken back. */
const REMEMBERED = 20

/** By this browser, since the page was loaded. */
let acts: Act[] = []
let next = 0

/** A merge cannot be taken back, and nothing from before it either: one of them is gone. */
export function forgetActs(): void {
  acts = []
}

export function useContactActs() {
  const client = useQueryClient()
  const problems = useProblems()
  const { t } = useI18n()

  async function show(contact: ContactProfile): Promise<void> {
    client.setQueryData(contactKeys.one(contact.id), contact)
    await client.invalidateQueries({ queryKey: contactKeys.all })
  }

  async function undo(act: Act): Promise<void> {
    acts = acts.filter((known) => known !== act)
    dismissAbout(act.about)
    try {
      const contact = await act.back()
      showToast(t('acts.undone'))
      await show(contact)
    } catch (error) {
      problems.toast(error, t('acts.not_undone'))
      await client.invalidateQueries({ queryKey: contactKeys.all })
    }
  }

  /** Shows a contact as it was changed, tells so, and how that is taken back. */
  async function tell(text: string, changed: ContactProfile, back: Act['back']): Promise<void> {
    const act = { about: `contact-act-${next++}`, back }
    acts = [...acts, act].slice(-REMEMBERED)
    const action = {
      label: t('ticket.undo'),
      run: () => {
        void undo(act)
      },
    }
    showToast(text, { action, about: act.about, life: 10_000 })
    await show(changed)
  }

  function undoLast(): void {
    const last = acts.at(-1)
    if (last) void undo(last)
    else showToast(t('acts.nothing_to_undo'))
  }

  return { tell, undoLast }
}
