// An answer was sent: a toast says so, and brings it back until it leaves.
import { useQueryClient } from '@tanstack/vue-query'
import { useI18n } from 'vue-i18n'
import { useRoute, useRouter } from 'vue-router'
import { serverNow } from '@/api/clock'
import { cancelMessage } from '@/api/tickets'
import type { Message, Ticket } from '@/api/types'
import { useProblems } from '@/composables/problems'
import { showToast } from '@/composables/toasts'
import { keys } from '@/features/tickets/queries'
import { showRestored } from './restored'

/** What the toast of a sent answer is about: it goes when the answer is taken back. */
export const sentToast = (number: number) => `sent-${number}`

export function useSent() {
  const client = useQueryClient()
  const problems = useProblems()
  const router = useRouter()
  const route = useRoute()
  const { t } = useI18n()

  /** The list may have moved on to another ticket: the toast brings the answer back. */
  function tellSent(number: number, { id, delivery }: Message): void {
    const until = delivery?.undo_until
    const undo = {
      label: t('delivery.undo'),
      run: () => {
        void takeBack(number, id)
      },
    }
    showToast(t('composer.sent_toast', { number }), {
      about: sentToast(number),
      action: until ? undo : undefined,
      life: until ? Math.max(1_000, Date.parse(until) - serverNow()) : undefined,
    })
  }

  async function takeBack(number: number, id: string): Promise<void> {
    try {
      const restored = await cancelMessage(id)
      const kind = restored.forwarded ? 'forward_draft' : 'draft'
      client.setQueryData<Ticket>(keys.ticket(number), (cached) =>
        cached
          ? {
              ...cached,
              [kind]: restored,
              messages: cached.messages.filter((message) => message.id !== id),
            }
          : cached,
      )
      showToast(t('delivery.undone'))
      showRestored(number, restored)
      await router.push({
        name: 'tickets',
        params: { view: 'all', ...route.params, number },
        query: route.query,
      })
    } catch (error) {
      problems.toast(error)
    }
    await client.invalidateQueries({ queryKey: keys.tickets })
  }

  return { tellSent }
}
