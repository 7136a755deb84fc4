// Parts of the page that stand ready and are not shown yet. They are drawn and know what they need to
// know; they take no keys, and tell nobody that somebody looks at them.
import { inject, onScopeDispose, watch, type InjectionKey, type Ref } from 'vue'

export const AWAKE: InjectionKey<Readonly<Ref<boolean>>> = Symbol('awake')

/** Begins when the part is shown, ends what was begun when it is not any more. */
export function whileAwake(begin: () => () => void): void {
  const awake = inject(AWAKE, null)
  let end: (() => void) | undefined
  const turn = (on: boolean) => {
    end?.()
    end = on ? begin() : undefined
  }
  // At once: the next key may be for another part.
  if (awake) watch(awake, turn, { immediate: true, flush: 'sync' })
  else turn(true)
  onScopeDispose(() => {
    turn(false)
  })
}
