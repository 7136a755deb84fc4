import { describe, expect, it } from 'vitest'
import { asked, mentioned, namings, offered } from './mentions'

const people = [
  { id: '1', name: 'Anna' },
  { id: '2', name: 'Anna Bos' },
  { id: '3', name: 'Piet-Jan de Vries' },
]

describe('asked', () => {
  it('is what is typed after an @ that begins a word', () => {
    expect(asked('Kijk @')).toBe('')
    expect(asked('@ann')).toBe('ann')
    expect(asked('(@Anna B')).toBe('Anna B')
    expect(asked('mail a@b')).toBeNull()
    expect(asked('@Anna de V')).toBe('Anna de V')
    expect(asked('@anna, kijk')).toBeNull()
    expect(asked('@anna\nkijk')).toBeNull()
  })
})

describe('offered', () => {
  it('finds by each part of a name', () => {
    expect(offered(people, 'vr').map(({ id }) => id)).toEqual(['3'])
    expect(offered(people, 'anna b').map(({ id }) => id)).toEqual(['2'])
    expect(offered(people, '')).toHaveLength(3)
  })

  it('goes on while it is the beginning of a name', () => {
    for (const typed of ['piet-jan ', 'Piet-Jan de', 'Piet-Jan de ', 'piet-jan de v', 'de v'])
      expect(
        offered(people, typed).map(({ id }) => id),
        typed,
      ).toEqual(['3'])
    expect(offered(people, 'Anna Bos kijk')).toEqual([])
    expect(offered(people, 'ries')).toEqual([])
  })
})

describe('namings', () => {
  it('says where', () => {
    expect(namings('(@Anna Bos @Anna', people).map(({ at, person }) => [at, person.id])).toEqual([
      [1, '2'],
      [11, '1'],
    ])
  })
})

describe('mentioned', () => {
  it('takes the longest name, each once', () => {
    expect(mentioned('@Anna Bos en @Anna Bos, zie @Piet-Jan de Vries.', people)).toEqual(['2', '3'])
    expect(mentioned('@Annabel', people)).toEqual([])
    expect(mentioned('@Anna, kijk', people)).toEqual(['1'])
  })

  it('takes a name in another case when it is whole, and none in an address', () => {
    expect(mentioned('@piet-jan de vries en @ANNA BOS', people)).toEqual(['3', '2'])
    expect(mentioned('@piet-jan de', people)).toEqual([])
    expect(mentioned('mail info@anna.example', people)).toEqual([])
  })
})
