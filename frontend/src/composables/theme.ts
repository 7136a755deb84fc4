import { usePreferredDark } from '@vueuse/core'
import { computed, ref, watchEffect } from 'vue'
import type { Theme } from '@/api/types'

const choice = ref<Theme>('system')
const prefersDark = usePreferredDark()

export const isDark = computed(() =>
  choice.value === 'system' ? prefersDark.value : choice.value === 'dark',
)

export function setTheme(next: Theme): void {
  choice.value = next
}

watchEffect(() => {
  document.documentElement.dataset.theme = isDark.value ? 'dark' : 'light'
})
