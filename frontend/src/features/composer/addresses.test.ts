import { describe, expect, it } from 'vitest'
import { merge, parseAddresses, recipientsOf } from './addresses'

const person = (address: string, name: string | null = null) => ({ name, address })

describe('parseAddresses', () => {
  it('reads lists as people paste them', () => {
    expect(
      parseAddresses('Piet <p@jansen.nl>, "de Vries, Sanne" <s@vries.nl>; bare@x.example').found,
    ).toEqual([
      person('p@jansen.nl', 'Piet'),
      person('s@vries.nl', 'de Vries, Sanne'),
      person('bare@x.example'),
    ])
  })

  it.each(['nobody', 'a@b', 'a b@c.nl', '@c.nl', 'a@c.nl.', 'x <y@z>'])(
    'leaves %s over',
    (text) => {
      expect(parseAddresses(text)).toEqual({ found: [], rest: [text] })
    },
  )
})

describe('merge', () => {
  it('keeps each address once, whatever its case', () => {
    expect(merge([person('A@x.nl')], [person('a@X.nl'), person('b@x.nl')])).toEqual([
      person('A@x.nl'),
      person('b@x.nl'),
    ])
  })
})

describe('recipientsOf', () => {
  const defaults = {
    to: [person('customer@them.example', 'Anna')],
    cc: [person('boss@them.example')],
    others: [person('colleague@them.example'), person('Customer@them.example')],
    bcc_warning: false,
  }

  it('keeps the copies, and nobody else, for a plain reply', () => {
    expect(recipientsOf(defaults, 'reply')).toEqual({
      to: [person('customer@them.example', 'Anna')],
      cc: [person('boss@them.example')],
    })
  })

  it('adds who else was addressed for a reply to all, each once', () => {
    expect(recipientsOf(defaults, 'reply_all')).toEqual({
      to: [person('customer@them.example', 'Anna'), person('colleague@them.example')],
      cc: [person('boss@them.example')],
    })
  })
})
