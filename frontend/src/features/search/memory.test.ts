import { beforeEach, describe, expect, it } from 'vitest'
import { forgetRecent, keep, linkTo, recall, recentSearches, remember, takeLinked } from './memory'

beforeEach(forgetRecent)

describe('recent searches', () => {
  it('are the last eight, each once, the newest first', () => {
    for (const q of ['a', 'b', ' a ', '', ...'cdefghi']) remember(q)
    expect(recentSearches.value).toEqual(['i', 'h', 'g', 'f', 'e', 'd', 'c', 'a'])
  })
})

describe('a search that is kept', () => {
  it('is found by its key and by nothing else', () => {
    const key = keep({ q: 'fiets', sort: 'newest' })
    expect(key).not.toContain('fiets')
    expect(recall(key)).toEqual({ q: 'fiets', sort: 'newest' })
    expect([recall('other'), recall(undefined), recall(7)]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })

  it('makes room after two hundred', () => {
    const first = keep({ q: 'first', sort: 'best' })
    for (let n = 0; n < 200; n += 1) keep({ q: String(n), sort: 'best' })
    expect(recall(first)).toBeUndefined()
  })
})

describe('a link', () => {
  it('has the words behind the #, where no server sees them', () => {
    const link = linkTo({ q: 'van Dijk & "zoon" #7', sort: 'newest' })
    const { pathname, search, hash } = new URL(link)
    expect([pathname, search]).toEqual(['/search', ''])
    const state = takeLinked(hash)
    expect(recall(state?.search)).toEqual({ q: 'van Dijk & "zoon" #7', sort: 'newest' })
  })

  it('of nothing stands for nothing', () => {
    expect(takeLinked('#q=%20')).toBeUndefined()
    expect(takeLinked('#top')).toBeUndefined()
  })
})
