// Frames for mails, made before they are needed: to send one to an address takes the browser longer
// than everything else in a ticket. Empty ones stand ready, under the policy that mails are shown
// with, and a mail's HTML is put into one. What a frame held is gone before the next mail comes.
import { soon } from '@/composables/later'
import { lendFont, takeFontBack } from './fonts'

/** Without scripts. Of our own origin: otherwise a mail's own images would come without a session. */
const SANDBOX = 'allow-same-origin allow-popups allow-popups-to-escape-sandbox'
/** The server gives it the policy of a mail. */
const ADDRESS = '/mail.html'
/** As many as a conversation shows at first. */
const READY = 6
/** One conversation gives its frames back before the next takes some: no need to make those anew. */
const KEPT = 2 * READY

/** A frame that a mail can be put into. */
export interface Shell {
  frame: HTMLIFrameElement
  inner: Document
}

// https://developer.mozilla.org/en-US/docs/Web/API/Element/moveBefore
type Mover = HTMLElement & { moveBefore?: (node: Node, child: Node | null) => void }

const ready: Shell[] = []
let parking: Mover | undefined
let making = false

/** Frames that move keep what they hold; a browser that cannot move them makes each in its place. */
const canMove = () => 'moveBefore' in Element.prototype

function lot(): Mover {
  if (parking?.isConnected) return parking
  parking = document.createElement('div')
  parking.hidden = true
  parking.dataset.frames = 'ready'
  document.body.append(parking)
  ready.length = 0
  return parking
}

/** One that is made in this place; none when the server cannot be reached. Named while it loads. */
export async function makeShell(place: HTMLElement, title = ''): Promise<Shell | null> {
  const frame = document.createElement('iframe')
  frame.title = title
  frame.setAttribute('sandbox', SANDBOX)
  frame.referrerPolicy = 'no-referrer'
  frame.src = ADDRESS
  const loaded = new Promise((resolve) => {
    frame.addEventListener('load', resolve, { once: true })
  })
  place.append(frame)
  await loaded
  const inner = frame.contentDocument
  // What came may be a page that tells of an error, the browser's or a proxy's, with another policy.
  if (!inner?.documentElement.hasAttribute('data-mail-frame')) {
    frame.remove()
    return null
  }
  await lendFont(inner)
  return { frame, inner }
}

/** Makes one after the other, when there is time, until enough stand ready. */
export function keepReady(): void {
  if (making || !canMove() || ready.length >= READY) return
  making = true
  soon(() => {
    void makeShell(lot())
      .then((shell) => {
        if (shell) ready.push(shell)
        return shell
      })
      .finally(() => {
        making = false
      })
      .then((shell) => {
        if (shell) keepReady()
      })
  })
}

/** One that stands ready, moved to this place; none when there is none. */
export function takeShell(place: HTMLElement): Shell | null {
  let shell = canMove() && place.isConnected ? ready.pop() : undefined
  // Somebody went to another address in it, by a way that we do not know.
  while (shell && shell.frame.contentDocument !== shell.inner) {
    shell.frame.remove()
    shell = ready.pop()
  }
  keepReady()
  if (!shell) return null
  ;(place as Mover).moveBefore?.(shell.frame, null)
  return shell
}

/** Puts a mail's HTML in, which the server has cleaned. */
export function fill({ inner }: Shell, html: string): void {
  const { defaultView: view } = inner
  if (!view) return
  // Read by the frame's own window, so that its policy holds and not that of our page.
  const read = new (view as Window & typeof globalThis).DOMParser().parseFromString(
    html,
    'text/html',
  )
  inner.body.replaceWith(inner.adoptNode(read.body))
}

/** Takes everything out of it. */
function empty({ inner }: Shell): void {
  inner.body.replaceWith(inner.createElement('body'))
  inner.documentElement.removeAttribute('style')
  inner.defaultView?.scrollTo(0, 0)
}

/** What has been shown is gone; the frame serves again, or goes too. */
export function giveBack(shell: Shell): void {
  const { frame, inner } = shell
  const mine = frame.contentDocument === inner
  if (mine) empty(shell)
  if (mine && canMove() && frame.isConnected && ready.length < KEPT) {
    frame.removeAttribute('style')
    frame.removeAttribute('class')
    lot().moveBefore?.(frame, null)
    ready.push(shell)
    return
  }
  takeFontBack(inner)
  frame.remove()
}
