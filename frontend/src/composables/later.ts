// Parts of the page that are not needed to show it: fetched when the browser has nothing else to do,
// or at once when somebody wants one sooner.
import { defineAsyncComponent, type Component } from 'vue'

type Load<T = unknown> = () => Promise<T>
type Part<T> = Load<{ default: T }>

const waiting: Load[] = []
let begun = false
let begin: () => void = () => undefined
const quiet = new Promise<void>((resolve) => {
  begin = resolve
})

/** A part that is shown when somebody asks for it: it is fetched before, when there is time. */
export function onDemand<T extends Component>(load: Part<T>, meanwhile?: Component): T {
  expectPart(load)
  return defineAsyncComponent<T>({
    loader: async () => (await load()).default,
    loadingComponent: meanwhile,
    delay: 100,
  })
}

/** A part of the page that comes after the rest of it, in the place that is kept for it. */
export function afterwards<T extends Component>(load: Part<T>): T {
  return defineAsyncComponent<T>({ loader: (() => quiet.then(load)) as never })
}

/** Fetches it when there is time. */
export function expectPart(load: Load): void {
  waiting.push(load)
  if (begun) whenIdle()
}

/**
 * When the browser has nothing else to do, and after this time in any case: it may say for seconds
 * that it has, on a page that stands still. Safari has no idle callbacks.
 */
export const soon = (act: () => void, within = 2_000): void => {
  if ('requestIdleCallback' in window) requestIdleCallback(act, { timeout: within })
  else setTimeout(act, Math.min(within, 200))
}

function whenIdle(): void {
  soon(() => {
    // One after the other; what fails now is asked for again when it is wanted.
    const load = waiting.shift()
    if (load)
      void load()
        .catch(() => undefined)
        .finally(whenIdle)
  })
}

/** The page is shown: what can wait is fetched from now on. */
export function fetchTheRest(): void {
  if (begun) return
  begun = true
  soon(() => {
    begin()
    whenIdle()
  })
}
