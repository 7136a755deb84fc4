// How wide the panes are, and which of them are there: of this browser, since each screen is another.
// Numbers and yes or no; nothing of anybody's mail is kept.
import { StorageSerializers, useLocalStorage, useMediaQuery } from '@vueuse/core'
import { computed, ref } from 'vue'

/** As wide as it takes to have the list of settings beside one of them. */
export const BESIDE = '(min-width: 48rem)'

export interface PaneLimits {
  least: number
  most: number
  usual: number
}

/** A small screen keeps room for what is read. */
const usualList = Math.round(Math.min(384, Math.max(304, window.innerWidth * 0.3)))
export const LIST: PaneLimits = { least: 280, most: 640, usual: usualList }
export const DETAILS: PaneLimits = { least: 240, most: 480, usual: 288 }

export const listWidth = useLocalStorage('loket.list-width', LIST.usual, { writeDefaults: false })
export const detailsWidth = useLocalStorage('loket.details-width', DETAILS.usual)
export const sidebarFolded = useLocalStorage('loket.sidebar-folded', false)

/** Narrower than this, a ticket's details lie over it. */
const beside = useMediaQuery('(min-width: 90rem)')
const roomy = useMediaQuery('(min-width: 100rem)')
/** Nothing until somebody has chosen. */
const detailsKept = useLocalStorage<boolean | null>('loket.details-shown', null, {
  serializer: StorageSerializers.boolean,
})

/** Whether a ticket's details are shown: beside it for all tickets, over it for the one. */
export function useDetails() {
  const over = ref(false)
  const shown = computed({
    get: () => {
      if (!beside.value) return over.value
      return detailsKept.value ?? roomy.value
    },
    set: (show) => {
      if (beside.value) detailsKept.value = show
      else over.value = show
    },
  })
  return { shown, uncover: () => (over.value = false) }
}

export function within({ least, most, usual }: PaneLimits, width: number): number {
  return Number.isFinite(width) ? Math.round(Math.min(Math.max(width, least), most)) : usual
}
