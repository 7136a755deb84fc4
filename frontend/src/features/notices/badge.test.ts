import { describe, expect, it } from 'vitest'
import { effectScope, nextTick, ref } from 'vue'
import { titled, useBadge } from './badge'

const drawn = (href = '') => decodeURIComponent(href)

describe('titled', () => {
  it('puts the number before the title, once', () => {
    expect(titled('Loket', 3)).toBe('(3) Loket')
    expect(titled('(3) Loket', 120)).toBe('(99+) Loket')
    expect(titled('(99+) Loket', 0)).toBe('Loket')
  })
})

describe('useBadge', () => {
  it('puts the number on the icon while something is unread', async () => {
    document.head.innerHTML = '<link rel="icon" href="/favicon.svg">'
    document.title = 'Loket'
    const link = document.querySelector('link')
    const count = ref(2)
    const scope = effectScope()
    scope.run(() => {
      useBadge(() => count.value)
    })
    expect(document.title).toBe('(2) Loket')
    expect(drawn(link?.href)).toContain('>2</text>')
    count.value = 10
    await nextTick()
    expect(drawn(link?.href)).toContain('>9+</text>')
    count.value = 0
    await nextTick()
    expect(document.title).toBe('Loket')
    expect(link?.href).toMatch(/favicon\.svg$/)
    scope.stop()
  })
})
