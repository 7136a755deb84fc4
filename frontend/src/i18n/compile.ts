// The part of vue-i18n's message format that the words of Loket use: `{name}`, `{'literal'}` and
// ` | ` between plural forms. Its own compiler also knows linked messages, and is a third of it.
import type { MessageCompiler } from 'vue-i18n'
import { isolated } from '@/composables/bidi'

/** A message as a function of what is filled in; a wrong brace is an error, not text. */
export type Said = (context: {
  named: (key: string) => unknown
  plural: (forms: string[]) => string
}) => string

const HOLE = /\{(?:'([^']*)'|(\w+))\}/g

function form(text: string): (named: (key: string) => unknown) => string {
  const rest = text.replace(HOLE, '')
  if (/[{}]|@[.:]/.test(rest)) throw new SyntaxError(`not a message: ${text}`)
  return (named) =>
    text.replace(HOLE, (_, literal: string | undefined, name: string | undefined) => {
      if (name === undefined) return literal ?? ''
      const value = named(name)
      return value === undefined || value === null ? '' : isolated(String(value as string | number))
    })
}

const known = new Map<string, Said>()

export function compile(message: string): Said {
  const before = known.get(message)
  if (before) return before
  const forms = message.split(' | ').map(form)
  const [only] = forms
  const said: Said = ({ named, plural }) =>
    forms.length === 1 && only ? only(named) : plural(forms.map((each) => each(named)))
  known.set(message, said)
  return said
}

export const messageCompiler: MessageCompiler = (message) => compile(String(message)) as never
