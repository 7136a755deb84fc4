// Parts of the page that are not needed to show it: fetched when the browser has nothing else to do,
// or at once when somebody wants one sooner.
import { defineAsyncComponent, type Component } from 'vue'

type Load = () => Promise<unknown>

const waiting: Load[] = []
let idle = false

/** A component that is fetched after the page is shown. */
export function later<T extends Component>(
  load: () => Promise<{ default: T }>,
  meanwhile?: Component,
): T {
  expectLater(load)
  return defineAsyncComponent<T>({ loader: load as never, loadingComponent: meanwhile, delay: 100 })
}

/** Fetches it when there is time. */
export function expectLater(load: Load): void {
  waiting.push(load)
  if (idle) whenIdle()
}

// Safari has no idle callbacks.
const soon = (act: () => void): void => {
  if ('requestIdleCallback' in window) requestIdleCallback(act, { timeout: 2_000 })
  else setTimeout(act, 200)
}

function whenIdle(): void {
  soon(() => {
    // One after the other; what fails now is asked for again when it is wanted.
    const load = waiting.shift()
    load?.()
      .catch(() => undefined)
      .finally(whenIdle)
  })
}

/** Begins, once the page is shown. */
export function fetchLater(): void {
  if (idle) return
  idle = true
  whenIdle()
}
