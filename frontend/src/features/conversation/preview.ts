// What of a file can be looked at without opening it in another program.
import type { Attachment } from '@/api/types'

// SVG is left out: it is a document, not a picture.
const IMAGES = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif'])
const TEXTS =
  /^(?:text\/(?!html|rtf)[\w.+-]+|application\/(?:json|xml|x-yaml|yaml)|message\/delivery-status)$/
/** A larger PDF is for a program of its own. */
const LARGEST_PDF = 25_000_000
const FIRST_BYTES = 256 * 1024

export type Preview = 'image' | 'pdf' | 'text'

export function previewOf({ content_type, size }: Attachment): Preview | null {
  const type = content_type.split(';')[0]?.trim().toLowerCase() ?? ''
  if (IMAGES.has(type)) return 'image'
  if (type === 'application/pdf') return size <= LARGEST_PDF ? 'pdf' : null
  return TEXTS.test(type) ? 'text' : null
}

/** The beginning of a file, as text; the rest of it is not fetched. */
export async function readStart(
  url: string,
  signal: AbortSignal,
): Promise<{ text: string; cut: boolean }> {
  const response = await fetch(url, { signal })
  if (!response.ok || !response.body) throw new Error(`it is not there: ${response.status}`)
  const reader = response.body.getReader()
  const bytes = new Uint8Array(FIRST_BYTES)
  let length = 0
  let cut = false
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    const room = FIRST_BYTES - length
    bytes.set(value.subarray(0, room), length)
    length = Math.min(length + value.length, FIRST_BYTES)
    if (value.length > room) {
      cut = true
      void reader.cancel()
      break
    }
  }
  return { text: decode(bytes.subarray(0, length)), cut }
}

/** UTF-8, or what Windows wrote before it. */
function decode(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes)
  // At the end a letter may have been cut through.
  return text.slice(0, -1).includes('\uFFFD') ? new TextDecoder('windows-1252').decode(bytes) : text
}
