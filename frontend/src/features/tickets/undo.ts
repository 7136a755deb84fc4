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

/** What came of taking one back, by ticket. */
interface Undone {
  done: unknown[]
  refused: { number: number }[]
}

interface Act {
  about: string
  back: () => Promise<Undone>
}

/** By this browser, since the page was loaded. */
let acts: Act[] = []
let next = 0

/** One that the server keeps, and takes back as a whole. */
const kept = (id: string): Act => ({ about: `act-${id}`, back: () => undoAct(id) })

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

  async function undo({ about, back }: Act): Promise<void> {
    const before = acts
    acts = acts.filter((known) => known.about !== about)
    dismissAbout(about)
    try {
      const { done, refused } = await back()
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

  /**
   * Tells of an act and how it is taken back: by the server, which knows it by its id, or by doing the
   * opposite. Without an act nothing was done.
   */
  function tell(text: string, how: string | Act['back'] | null): void {
    if (!how) {
      showToast(text)
      return
    }
    const act = typeof how === 'string' ? kept(how) : { about: `opposite-${next++}`, back: how }
    acts = [...acts, act].slice(-REMEMBERED)
    const action = {
      label: t('ticket.undo'),
      run: () => {
        void undo(act)
      },
    }
    showToast(text, { action, about: act.about, life: 10_000 })
  }

  async function undoLast(): Promise<void> {
    // One that is on its way is the last one.
    await settled(client)
    const last = acts.at(-1)
    if (last) void undo(last)
    else showToast(t('acts.nothing_to_undo'))
  }

  return { undo: (id: string) => undo(kept(id)), undoLast, tell }
}
