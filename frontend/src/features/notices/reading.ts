// Whoever reads a ticket has read what they were told of it, also where the ticket itself was read before.
import { onScopeDispose, watch } from 'vue'
import { useRoute } from 'vue-router'
import type { Notice, Uuid } from '@/api/types'

// Somebody who leafs through tickets has not read each of them.
const READ_AFTER_MS = 1_000

export function useReadAlong(notices: () => Notice[], read: (ids: Uuid[]) => void): void {
  const route = useRoute()
  let reading: ReturnType<typeof setTimeout> | undefined

  const about = () => {
    const number = Number(route.params.number)
    return notices().filter((notice) => !notice.read && notice.number === number)
  }
  watch(
    () => [route.params.number, about().length] as const,
    ([, count]) => {
      clearTimeout(reading)
      if (!count) return
      reading = setTimeout(() => {
        if (document.visibilityState === 'visible') read(about().map(({ id }) => id))
      }, READ_AFTER_MS)
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    clearTimeout(reading)
  })
}
