import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope } from 'vue'
import { useAutosave } from './draft'

describe('useAutosave', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  function start(save: (text: string, leaving: boolean) => Promise<unknown>) {
    let text = ''
    const scope = effectScope()
    const autosave = scope.run(() => useAutosave(() => text, save))
    if (!autosave) throw new Error('no scope')
    return {
      ...autosave,
      scope,
      type: (next: string) => {
        text = next
        autosave.touch()
      },
    }
  }

  it('saves what was typed last as the page is left, beside a save that is on its way', async () => {
    const saved: [string, boolean][] = []
    let answer: () => void = () => undefined
    const draft = start((text, leaving) => {
      saved.push([text, leaving])
      return new Promise<void>((resolve) => {
        answer = resolve
      })
    })
    draft.type('a')
    await vi.advanceTimersByTimeAsync(1_000)
    draft.type('ab')
    window.dispatchEvent(new Event('pagehide'))
    window.dispatchEvent(new Event('pagehide'))
    expect(saved).toEqual([
      ['a', false],
      ['ab', true],
    ])
    answer()
    draft.scope.stop()
    window.dispatchEvent(new Event('pagehide'))
    expect(saved).toHaveLength(2)
  })

  it('saves what was typed last within a second, also while typing goes on', async () => {
    const saved: string[] = []
    const draft = start((text) => {
      saved.push(text)
      return Promise.resolve()
    })
    for (let n = 0; n < 10; n += 1) {
      draft.type(`${n}`)
      await vi.advanceTimersByTimeAsync(100)
    }
    expect(saved.length).toBeGreaterThan(0)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(saved.at(-1)).toBe('9')
    expect(draft.state.value).toBe('saved')
  })

  it('tries again after a failure, with the newest', async () => {
    const save = vi.fn<(text: string) => Promise<void>>()
    save.mockRejectedValueOnce(new Error('offline')).mockResolvedValue()
    const draft = start(save)
    draft.type('a')
    await vi.advanceTimersByTimeAsync(1_000)
    expect(draft.state.value).toBe('failed')
    draft.type('b')
    await vi.advanceTimersByTimeAsync(6_000)
    expect(save).toHaveBeenLastCalledWith('b', false)
    expect(draft.state.value).toBe('saved')
  })

  it('saves no more once halted', async () => {
    const save = vi.fn(() => Promise.resolve())
    const draft = start(save)
    draft.type('a')
    await draft.halt()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(save).not.toHaveBeenCalled()
  })

  it('saves what is left when the box is closed', async () => {
    const save = vi.fn(() => Promise.resolve())
    const draft = start(save)
    draft.type('a')
    draft.scope.stop()
    await vi.advanceTimersByTimeAsync(0)
    expect(save).toHaveBeenCalledOnce()
  })
})
