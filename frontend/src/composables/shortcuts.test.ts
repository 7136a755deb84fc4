import { afterEach, expect, it, vi } from 'vitest'
import { effectScope } from 'vue'
import { holdKeys, takeHeld, useShortcuts } from './shortcuts'

const press = (key: string, more: KeyboardEventInit = {}) =>
  document.body.dispatchEvent(
    new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }),
  )

const close = vi.fn()
const scope = effectScope()
scope.run(() => {
  useShortcuts({ e: close })
})

afterEach(() => {
  takeHeld()
  close.mockReset()
})

it('gives letters to the box that is being loaded, and closes no ticket', () => {
  holdKeys()
  for (const key of ['H', 'e', 'x', 'Backspace', 'y']) press(key)
  expect(close).not.toHaveBeenCalled()
  expect(takeHeld()).toBe('Hey')
  press('e')
  expect(close).toHaveBeenCalledOnce()
})

it('waits for no box that was given up', () => {
  holdKeys()
  press('a')
  press('Escape')
  press('e')
  expect(close).toHaveBeenCalledOnce()
  expect(takeHeld()).toBe('')
})

it('waits for no box that does not come', () => {
  const now = vi.spyOn(performance, 'now').mockReturnValue(0)
  holdKeys()
  now.mockReturnValue(5_001)
  press('e')
  now.mockRestore()
  expect(close).toHaveBeenCalledOnce()
})
