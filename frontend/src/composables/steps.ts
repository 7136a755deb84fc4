// What narrows a list stands in the address, and each change of it is a step back in the history.
import { useRoute, useRouter, type LocationQueryRaw } from 'vue-router'

/** The step in which something is being typed. */
let typing: { name: string; position: unknown } | undefined

/** One after the other: whoever types does not wait for the page. */
let before = Promise.resolve()

const position = () => (history.state as { position?: unknown } | null)?.position

export function useSteps() {
  const route = useRoute()
  const router = useRouter()

  async function go(query: LocationQueryRaw, typed?: string): Promise<void> {
    const goesOn = typed !== undefined && typing?.name === typed && typing.position === position()
    await router.push({ query, hash: route.hash, replace: goesOn })
    typing = typed === undefined ? undefined : { name: typed, position: position() }
  }

  /** `typed`: what is typed and not chosen; what it is on the way to its end makes one step of all. */
  function step(query: LocationQueryRaw, typed?: string): void {
    before = before.then(() => go(query, typed))
  }

  return step
}
