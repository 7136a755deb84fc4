import { useEventListener, usePreferredDark } from '@vueuse/core'
import { computed, ref, watchEffect } from 'vue'
import type { Theme } from '@/api/types'

const choice = ref<Theme>('system')
const prefersDark = usePreferredDark()

// Paper is white whatever the screen is: browsers leave grounds out, and light text would be lost.
const printing = ref(false)
useEventListener(window, 'beforeprint', () => {
  printing.value = true
})
useEventListener(window, 'afterprint', () => {
  printing.value = false
})

export const isDark = computed(
  () =>
    !printing.value && (choice.value === 'system' ? prefersDark.value : choice.value === 'dark'),
)

export function setTheme(next: Theme): void {
  choice.value = next
}

// At once: a page that is printed is not waited for.
watchEffect(
  () => {
    document.documentElement.dataset.theme = isDark.value ? 'dark' : 'light'
  },
  { flush: 'sync' },
)

let known: { dark: boolean; text: string; link: string; font: string } | undefined

/** How text looks now. Read once for each theme: to ask the browser makes it lay out the page. */
export function look() {
  if (known?.dark !== isDark.value) {
    const styles = getComputedStyle(document.documentElement)
    known = {
      dark: isDark.value,
      text: styles.getPropertyValue('--text'),
      link: styles.getPropertyValue('--accent-text'),
      font: styles.getPropertyValue('font-family'),
    }
  }
  return known
}
