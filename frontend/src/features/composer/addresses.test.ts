import { describe, expect, it } from 'vitest'
import type { Message } from '@/api/types'
import { merge, parseAddresses, replyAllRecipients } from './addresses'

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

describe('replyAllRecipients', () => {
  const inbound = {
    kind: 'inbound',
    to: [person('info@us.example'), person('colleague@them.example')],
    cc: [person('boss@them.example'), person('customer@them.example')],
  } as Message

  it('is everybody but us, each once', () => {
    expect(
      replyAllRecipients(
        { to: [person('customer@them.example', 'Anna')], cc: [] },
        [inbound],
        ['INFO@us.example'],
      ),
    ).toEqual({
      to: [person('customer@them.example', 'Anna'), person('colleague@them.example')],
      cc: [person('boss@them.example')],
    })
  })
})
