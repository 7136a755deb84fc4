import { useMutation, useQueryClient } from '@tanstack/vue-query'
import { useRouter } from 'vue-router'
import { newIdempotencyKey } from '@/api/http'
import { createMailbox, testMailbox } from '@/api/mailboxes'
import type { MailboxRequest } from '@/api/types'
import { keys } from '@/features/tickets/queries'

/** Testing and adding a mailbox that is described by a form. */
export function useConnect(body: () => MailboxRequest) {
  const client = useQueryClient()
  const router = useRouter()
  let attempt = { body: '', key: '' }

  const test = useMutation({ mutationFn: () => testMailbox(body()) })
  const add = useMutation({
    mutationFn: async () => {
      const request = body()
      const text = JSON.stringify(request)
      if (attempt.body !== text) attempt = { body: text, key: newIdempotencyKey() }
      return createMailbox(request, attempt.key)
    },
    onSuccess: async (mailbox) => {
      await client.invalidateQueries({ queryKey: keys.mailboxes })
      await router.push({ name: 'mailboxes', query: { connected: mailbox.id } })
    },
  })
  return { test, add }
}
