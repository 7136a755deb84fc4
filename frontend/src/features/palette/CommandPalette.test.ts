import { mount } from '@vue/test-utils'
import { nextTick, ref } from 'vue'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { i18n } from '@/i18n'
import CommandPalette from './CommandPalette.vue'
import type { Entry } from './entries'

const { entries } = vi.hoisted(() => ({ entries: { value: [] as Entry[] } }))
vi.mock('./entries', () => ({ GROUPS: ['acts', 'found'], usePaletteEntries: () => entries }))

const ran: string[] = []
const entry = (id: string): Entry => ({
  id,
  group: 'acts',
  label: id,
  icon: 'i' as unknown as Entry['icon'],
  run: () => ran.push(id),
})
const marked = () => document.querySelector('[data-highlighted]')?.textContent.trim()

async function open() {
  mount(CommandPalette, {
    props: { open: true },
    global: { plugins: [i18n] },
    attachTo: document.body,
  })
  await vi.waitFor(() => {
    expect(marked()).toBe('one')
  })
}

async function enter() {
  const key = new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true })
  document.querySelector('input')?.dispatchEvent(key)
  await vi.waitFor(() => {
    expect(ran).not.toEqual([])
  })
}

describe('Enter in the palette', () => {
  beforeEach(() => {
    ran.length = 0
    const list = ref<Entry[]>([])
    Object.defineProperty(entries, 'value', {
      configurable: true,
      get: () => list.value,
      set: (next: Entry[]) => (list.value = next),
    })
    entries.value = ['one', 'two'].map(entry)
  })

  it('chooses the first of what came when what was marked went', async () => {
    await open()
    entries.value = ['three', 'four'].map(entry)
    await vi.waitFor(() => {
      expect(marked()).toBe('three')
    })
    await enter()
    expect(ran).toEqual(['three'])
  })

  it('chooses the first when the pointer has taken the mark away', async () => {
    await open()
    document
      .querySelector('[role=dialog] > :last-child, [role=dialog] [dir]')
      ?.dispatchEvent(new PointerEvent('pointerleave'))
    await nextTick()
    expect(marked()).toBeUndefined()
    await enter()
    expect(ran).toEqual(['one'])
  })
})
