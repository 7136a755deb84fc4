// What is done to one message, for those who use no mouse: to the one that has the focus, or else to
// the newest for which it makes sense.
import type { Message, Ticket } from '@/api/types'
import { attachmentsUrl, messageOriginalUrl } from '@/api/urls'
import { useActs } from '@/composables/acts'
import { can } from '@/composables/session'
import { useSplit } from '@/features/acts/tickets'
import { PERMISSION } from '@/features/permissions'
import { actionsOf } from './delivery'

interface List {
  /** The message that had the focus last. */
  focused: string | null
  press: (id: string, button: string) => Promise<void>
}

export function useMessageActs(ticket: () => Ticket | undefined, list: () => List | null): void {
  const split = useSplit()

  function act(fits: (message: Message) => boolean, run: (message: Message) => void) {
    const mails = ticket()?.messages.filter(
      ({ kind, erased_at: erased }) => kind !== 'event' && !erased,
    )
    const focused = mails?.find(({ id }) => id === list()?.focused)
    const meant = focused ? [focused].find(fits) : mails?.findLast(fits)
    return (
      meant &&
      (() => {
        run(meant)
      })
    )
  }
  const isMail = ({ kind }: Message) => kind !== 'note'

  useActs({
    get split() {
      if (!can(PERMISSION.work)) return undefined
      return act(isMail, ({ id }) => {
        split.mutate(id)
      })
    },
    get original() {
      return act(
        (message) => isMail(message) && !message.quote_hidden,
        ({ id }) => window.open(messageOriginalUrl(id), '_blank', 'noopener'),
      )
    },
    get download() {
      return act(
        ({ attachments, has_html: html }) =>
          attachments.filter(({ inline }) => !inline || !html).length > 1,
        ({ id }) => {
          Object.assign(document.createElement('a'), {
            href: attachmentsUrl(id),
            download: '',
          }).click()
        },
      )
    },
    get resend() {
      const disconnected = ticket()?.mailbox.disconnected
      return act(
        ({ delivery }) => {
          const { retry, askAgain, sendNow } = delivery
            ? actionsOf(delivery, disconnected)
            : { retry: false, askAgain: false, sendNow: false }
          return retry || askAgain || sendNow
        },
        ({ id }) => void list()?.press(id, '[data-act=resend]'),
      )
    },
  })
}
