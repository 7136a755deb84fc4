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
    expect(asked('@anna bos kijk')).toBeNull()
  })
})

describe('offered', () => {
  it('finds by each part of a name', () => {
    expect(offered(people, 'vr').map(({ id }) => id)).toEqual(['3'])
    expect(offered(people, 'anna b').map(({ id }) => id)).toEqual(['2'])
    expect(offered(people, '')).toHaveLength(3)
  })
})

describe('namings', () => {
  it('says where', () => {
    expect(namings('a@Anna Bos @Anna', people).map(({ at, person }) => [at, person.id])).toEqual([
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
})
