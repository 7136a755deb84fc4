import { useMutation, useQueryClient } from '@tanstack/vue-query'
import { useI18n } from 'vue-i18n'
import { connectMailbox, syncMailbox, updateMailbox } from '@/api/mailboxes'
import { keepMailbox } from '@/api/purges'
import type { Mailbox } from '@/api/types'
import { useProblems } from '@/composables/problems'
import { showToast } from '@/composables/toasts'
import { keys } from '@/features/tickets/queries'

/** Leaves the page for the provider's own sign-in. */
export function leaveFor(url: string): void {
  window.location.assign(url)
}

export function useMailboxActions(mailbox: () => Mailbox) {
  const { t } = useI18n()
  const client = useQueryClient()
  const problems = useProblems()
  const onError = (error: unknown) => {
    problems.toast(error)
  }
  const onSettled = () => client.invalidateQueries({ queryKey: keys.mailboxes })

  const sync = useMutation({
    mutationFn: () => syncMailbox(mailbox().id),
    onSuccess: () => showToast(t('mailbox.syncing')),
    onError,
    onSettled,
  })
  const toggle = useMutation({
    mutationFn: () =>
      updateMailbox(mailbox().id, mailbox().version, {
        state: mailbox().state === 'paused' ? 'active' : 'paused',
      }),
    onSuccess: (changed) =>
      showToast(
        t(changed.state === 'paused' ? 'mailbox.paused_toast' : 'mailbox.resumed_toast', {
          address: changed.address,
        }),
      ),
    onError,
    onSettled,
  })
  const reconnect = useMutation({
    mutationFn: () =>
      connectMailbox({
        provider: mailbox().provider === 'microsoft' ? 'microsoft' : 'google',
        import: { mode: 'now' },
        mailbox_id: mailbox().id,
      }),
    onSuccess: ({ authorize_url }) => {
      leaveFor(authorize_url)
    },
    onError,
  })
  const keep = useMutation({
    mutationFn: () => keepMailbox(mailbox().id),
    onSuccess: ({ address }) => showToast(t('deletion.trouble.kept_toast', { address })),
    onError,
    onSettled,
  })
  return { sync, toggle, reconnect, keep }
}
