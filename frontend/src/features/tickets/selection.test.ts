import { beforeEach, describe, expect, it } from 'vitest'
import {
  clearSelection,
  keepSelected,
  MOST,
  selectAll,
  selected,
  selectRange,
  toggleSelected,
} from './selection'

const list = [9, 7, 5, 3, 1]

beforeEach(clearSelection)

describe('choosing tickets', () => {
  it('turns one on and off', () => {
    toggleSelected(7)
    expect(selected.value).toEqual([7])
    toggleSelected(7)
    expect(selected.value).toEqual([])
  })

  it('takes a range in the order of the list, in either direction', () => {
    toggleSelected(3)
    selectRange(9, list)
    expect(selected.value).toEqual([3, 5, 7, 9])
    clearSelection()
    toggleSelected(7)
    selectRange(1, list)
    expect(selected.value).toEqual([1, 3, 5, 7])
  })

  it('begins a range where nothing was chosen before', () => {
    selectRange(5, list)
    expect(selected.value).toEqual([5])
  })

  it('takes no more than the server changes at once', () => {
    selectAll(Array.from({ length: MOST + 20 }, (_, index) => index + 1))
    expect(selected.value).toHaveLength(MOST)
  })

  it('lets go of what has left the list', () => {
    selectAll(list)
    keepSelected([9, 1])
    expect(selected.value).toEqual([1, 9])
  })
})
