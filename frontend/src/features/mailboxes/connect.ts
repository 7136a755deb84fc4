import { useMutation, useQueryClient } from '@tanstack/vue-query'
import { computed, nextTick, ref, type ShallowRef } from 'vue'
import { useRouter } from 'vue-router'
import { newIdempotencyKey } from '@/api/http'
import { createMailbox, testMailbox } from '@/api/mailboxes'
import type { MailboxRequest } from '@/api/types'
import { useFocusWrong, useProblems } from '@/composables/problems'
import { keys } from '@/features/tickets/queries'

export type Connect = ReturnType<typeof useConnect>

/** Testing and adding a mailbox that is described by a form, and has these fields for what is wrong. */
export function useConnect(
  form: Readonly<ShallowRef<HTMLFormElement | null>>,
  fields: string[],
  body: () => MailboxRequest,
) {
  const client = useQueryClient()
  const router = useRouter()
  const problems = useProblems()
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
  /** What was said is of what was filled in then. */
  function forget(): void {
    test.reset()
    add.reset()
  }

  /** A connection is tried whatever the mailbox is to be called. */
  const needsName = ref(true)
  async function tryOut(): Promise<void> {
    needsName.value = false
    await nextTick()
    const isFilledIn = form.value?.checkValidity()
    needsName.value = true
    if (!isFilledIn) return
    forget()
    test.mutate()
  }

  const error = computed(() => add.error.value ?? test.error.value)
  useFocusWrong(form, error)
  return {
    test,
    add,
    tryOut,
    forget,
    needsName,
    field: (name: string) => problems.field(error.value, name),
    above: computed(() => problems.above(error.value, ...fields)),
  }
}
