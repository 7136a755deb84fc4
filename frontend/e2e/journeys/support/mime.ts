// What a mail that arrived says: its header fields and its parts, decoded.

export interface Part {
  /** Such as `text/plain`. */
  type: string
  /** Of a file. */
  name: string | undefined
  body: Buffer
}

/** A field of the header, of which there must be one. */
export function header(mail: string, name: string): string {
  const value = field(mail, name)
  if (value === undefined) throw new Error(`no ${name} in:\n${mail}`)
  return value
}

function field(mail: string, name: string): string | undefined {
  const unfolded = split(mail).head.replace(/\r?\n[ \t]+/g, ' ')
  return new RegExp(`^${name}: *(.*?)\\r?$`, 'im').exec(unfolded)?.[1]
}

/** Everything in a mail that is not made of parts itself, in its order. */
export function parts(mail: string): Part[] {
  const type = field(mail, 'Content-Type') ?? 'text/plain'
  const { body } = split(mail)
  const boundary = /boundary="?([^";]+)"?/i.exec(type)?.[1]
  if (boundary !== undefined)
    return body
      .split(`--${boundary}`)
      .slice(1, -1)
      .flatMap((part) => parts(part.replace(/^[ \t]*\r?\n/, '')))
  const named = [field(mail, 'Content-Disposition'), type].join(';')
  return [
    {
      type: type.split(';')[0]?.toLowerCase() ?? '',
      name: /name="?([^";]+)"?/i.exec(named)?.[1],
      body: decoded(body, field(mail, 'Content-Transfer-Encoding')?.toLowerCase()),
    },
  ]
}

/** What a mail says as plain text. */
export const text = (mail: string) =>
  parts(mail)
    .find(({ type }) => type === 'text/plain')
    ?.body.toString() ?? ''

/** What the file of this name holds. */
export const file = (mail: string, name: string) =>
  parts(mail).find((part) => part.name === name)?.body

function split(mail: string): { head: string; body: string } {
  const gap = /\r?\n\r?\n/.exec(mail)
  if (!gap) return { head: mail, body: '' }
  return { head: mail.slice(0, gap.index), body: mail.slice(gap.index + gap[0].length) }
}

function decoded(body: string, encoding: string | undefined): Buffer {
  if (encoding === 'base64') return Buffer.from(body, 'base64')
  if (encoding !== 'quoted-printable') return Buffer.from(body)
  const bytes = body
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1')
}
