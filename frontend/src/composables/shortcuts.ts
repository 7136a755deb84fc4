// Single keys act unless somebody is typing, a menu or dialog is open, or a modifier is held.
import { onScopeDispose } from 'vue'
import { whileAwake } from './awake'

type Handler = (event: KeyboardEvent) => void
type Bindings = (key: string) => Handler | undefined

const stack = new Set<Bindings>()
/** What is chosen in a list goes before the ticket that is open. */
const above = new Set<Bindings>()

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.matches('input:not([type=radio]):not([type=checkbox]), textarea, select'))
  )
}

function overlayOpen(): boolean {
  return (
    document.querySelector('[role=dialog][data-state=open], [role=menu][data-state=open]') !== null
  )
}

/** A box that is not there by then does not come. */
const HOLD_MS = 5_000

let held: { text: string; since: number } | null = null

/**
 * A box to write in was asked for and is still being loaded: until it takes them with `takeHeld`,
 * letters are meant for it. As shortcuts they would close and assign tickets.
 */
export function holdKeys(): void {
  held = { text: '', since: performance.now() }
}

/** What was typed for the box before it was there. */
export function takeHeld(): string {
  const text = held?.text ?? ''
  held = null
  return text
}

function hold(event: KeyboardEvent): boolean {
  if (!held) return false
  if (event.key === 'Escape' || performance.now() - held.since > HOLD_MS) {
    held = null
    return false
  }
  if (event.key.length === 1) held.text += event.key
  else if (event.key === 'Backspace') held.text = held.text.slice(0, -1)
  else return false
  event.preventDefault()
  return true
}

/** Who does not go on within this time meant something else. */
const SECOND_MS = 1_500

let second: { run: (key: string) => void; since: number } | null = null

/** The next key belongs to the one that was just pressed, whatever it does by itself. */
export function awaitSecondKey(run: (key: string) => void): void {
  second = { run, since: performance.now() }
}

function takeSecond(event: KeyboardEvent): boolean {
  // Shift on its way to a capital is no answer.
  if (!second || event.key.length > 1) return false
  const { run, since } = second
  second = null
  if (performance.now() - since > SECOND_MS) return false
  event.preventDefault()
  run(event.key)
  return true
}

const heralds = new Set<(key: string) => void>()

/** Tells of each key before it does anything. */
export function beforeKeys(run: (key: string) => void): void {
  listen()
  heralds.add(run)
  onScopeDispose(() => heralds.delete(run))
}

/** Also called for keys pressed inside a mail's frame, on their way down. */
export function heraldKey({ key }: KeyboardEvent): void {
  for (const run of heralds) run(key)
}

/** Also called for keys pressed inside a mail's frame. */
export function handleShortcut(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey) return
  if (isTyping(event.target) || overlayOpen() || hold(event)) return
  if (takeSecond(event)) return
  for (const bindings of [...stack, ...above].reverse()) {
    const handler = bindings(event.key)
    if (handler) {
      // Enter and Space belong to the button or link that has the focus.
      if (
        event.key === 'Enter' &&
        event.target instanceof Element &&
        event.target.closest('a, button, summary, [role=button]')
      )
        return
      event.preventDefault()
      handler(event)
      return
    }
  }
}

let listening = false

function listen(): void {
  if (listening) return
  listening = true
  document.addEventListener('keydown', heraldKey, { capture: true })
  document.addEventListener('keydown', handleShortcut)
}

/** Keys and what they do, or a function that says what a key does at the moment. */
export function useShortcuts(given: Record<string, Handler> | Bindings, first = false): void {
  const bindings: Bindings = typeof given === 'function' ? given : (key) => given[key]
  listen()
  whileAwake(() => {
    const where = first ? above : stack
    where.add(bindings)
    return () => where.delete(bindings)
  })
}
