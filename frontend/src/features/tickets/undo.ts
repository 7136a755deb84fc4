// Taking back what was done: by the toast, by `z`, or from the ticket's own line for 30 days.
import { useQueryClient, type QueryClient } from '@tanstack/vue-query'
import { useI18n } from 'vue-i18n'
import { useRouter } from 'vue-router'
import { undoAct } from '@/api/acts'
import { Problem } from '@/api/problem'
import { useProblems } from '@/composables/problems'
import { dismissAbout, showToast } from '@/composables/toasts'
import { keys } from './queries'

/** So many acts can be taken back by `z`, the last one first. */
const REMEMBERED = 20

/** By this browser, since the page was loaded. */
let acts: string[] = []

const aboutAct = (id: string) => `act-${id}`

/** Changes of a ticket wait for each other under this name. */
export const ONE_BY_ONE = ['ticket-change'] as const

/** Once no change is on its way any more. */
const settled = (client: QueryClient) =>
  new Promise<void>((resolve) => {
    const isSettled = () => !client.isMutating({ mutationKey: ONE_BY_ONE })
    if (isSettled()) {
      resolve()
      return
    }
    const stop = client.getMutationCache().subscribe(() => {
      if (!isSettled()) return
      stop()
      resolve()
    })
  })

export function useUndo() {
  const client = useQueryClient()
  const problems = useProblems()
  const { t } = useI18n()
  const router = useRouter()

  /** To a ticket that is not as it was. */
  const way = ({ number }: { number: number }) => ({
    label: t('ticket.number', { number }),
    run: () => {
      void router.push({ name: 'tickets', params: { view: 'all', number } })
    },
  })

  async function undo(id: string): Promise<void> {
    const before = acts
    acts = acts.filter((known) => known !== id)
    dismissAbout(aboutAct(id))
    try {
      const { done, refused } = await undoAct(id)
      const [first] = refused
      if (first) {
        const text = done.length
          ? t('acts.undone_partly', refused.length)
          : t('acts.not_undone_changed')
        showToast(text, { tone: 'bad', action: way(first) })
      } else
        showToast(done.length > 1 ? t('acts.undone_all', { n: done.length }) : t('acts.undone'))
    } catch (error) {
      // What failed on its way can be tried again.
      if (!(error instanceof Problem && error.status >= 400 && error.status < 500)) acts = before
      problems.toast(error, t('acts.not_undone'))
    } finally {
      await client.invalidateQueries({ queryKey: keys.tickets })
    }
  }

  /** Tells of an act and how it is taken back; without an act nothing was done. */
  function tell(text: string, id: string | null): void {
    if (!id) {
      showToast(text)
      return
    }
    acts = [...acts, id].slice(-REMEMBERED)
    const action = {
      label: t('ticket.undo'),
      run: () => {
        void undo(id)
      },
    }
    showToast(text, { action, about: aboutAct(id), life: 10_000 })
  }

  async function undoLast(): Promise<void> {
    // One that is on its way is the last one.
    await settled(client)
    const last = acts.at(-1)
    if (last) void undo(last)
    else showToast(t('acts.nothing_to_undo'))
  }

  return { undo, undoLast, tell }
}
