import { describe, expect, it } from 'vitest'
import { createI18n } from 'vue-i18n'
import { compile, messageCompiler } from './compile'

const { t } = createI18n({
  legacy: false,
  locale: 'en',
  messageCompiler,
  messages: {
    en: {
      plain: 'Nothing to fill in',
      named: 'From {from} to {to}, {from} again',
      literal: "name{'@'}example.com {'{'}x{'}'}",
      plural: 'none | {n} file | {n} files of {name}',
    },
  },
}).global

describe('a message', () => {
  it('is said with what is filled in', () => {
    expect(t('plain')).toBe('Nothing to fill in')
    expect(t('named', { from: '$1 {to}', to: 0 })).toBe('From $1 {to} to 0, $1 {to} again')
    expect(t('named', { from: 'A' })).toBe('From A to , A again')
    expect(t('named', { from: 'רחל', to: 'B' })).toBe(
      'From \u2068רחל\u2069 to B, \u2068רחל\u2069 again',
    )
    expect(t('literal')).toBe('name@example.com {x}')
  })

  it('has a form for each number', () => {
    expect(t('plural', 0)).toBe('none')
    expect(t('plural', 1)).toBe('1 file')
    expect(t('plural', { name: 'Ada' }, 12)).toBe('12 files of Ada')
  })

  it.each(['{', 'a }', '{a b}', '{}', 'see @:other', 'see @.lower:other'])(
    'is refused when it is wrong: %s',
    (message) => {
      expect(() => compile(message)).toThrow(SyntaxError)
    },
  )
})
