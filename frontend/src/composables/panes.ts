// How wide the panes are, and which of them are there: of this browser, since each screen is another.
// Numbers and yes or no; nothing of anybody's mail is kept.
import { StorageSerializers, useLocalStorage, useMediaQuery, useWindowSize } from '@vueuse/core'
import { computed, ref, watchEffect, type Ref } from 'vue'

/** As wide as it takes to have the list of settings beside one of them. */
export const BESIDE = '(min-width: 48rem)'
/** Narrower than this, panes are as they come: on a tablet there is nothing to divide. */
export const WIDE = '(min-width: 64rem)'

export interface PaneLimits {
  least: number
  most: number
  usual: number
}

/** A small screen keeps room for what is read. */
const usualList = Math.round(Math.min(384, Math.max(304, window.innerWidth * 0.3)))
const SIDEBAR: PaneLimits = { least: 184, most: 400, usual: 224 }
const LIST: PaneLimits = { least: 280, most: 640, usual: usualList }
const DETAILS: PaneLimits = { least: 240, most: 480, usual: 288 }
const SETTINGS: PaneLimits = { least: 176, most: 360, usual: 208 }
/** What is read keeps this much, however wide somebody has made what stands beside it. */
const READING = 400

export const sidebarFolded = useLocalStorage('loket.sidebar-folded', false)
/** Only while a ticket is open: without one there is nothing else to look at. */
export const listFolded = useLocalStorage('loket.list-folded', false)

/** Narrower than this, a ticket's details lie over it. */
const beside = useMediaQuery('(min-width: 90rem)')
const roomy = useMediaQuery('(min-width: 100rem)')
/** Nothing until somebody has chosen. */
const detailsKept = useLocalStorage<boolean | null>('loket.details-shown', null, {
  serializer: StorageSerializers.boolean,
})

export interface Pane {
  /** As far as there is room in this window. */
  limits: Ref<PaneLimits>
  /** In pixels. */
  width: Ref<number>
  /** As somebody wants it from now on. */
  make: (width: number) => void
}

const { width: page } = useWindowSize()

function paneOf(name: string, limits: PaneLimits, room: () => number): Pane {
  const kept = useLocalStorage(`loket.${name}-width`, limits.usual, { writeDefaults: false })
  const here = computed(() => ({
    ...limits,
    most: Math.round(Math.max(limits.least, Math.min(limits.most, room()))),
  }))
  return {
    limits: here,
    width: computed(() => within(here.value, kept.value)),
    make: (width) => {
      kept.value = within(here.value, width)
    },
  }
}

const detailsBeside = computed(() => beside.value && (detailsKept.value ?? roomy.value))
const besideSidebar = () => page.value - (sidebarFolded.value ? 0 : sidebarPane.width.value)

export const sidebarPane = paneOf('sidebar', SIDEBAR, () => page.value / 4)
export const settingsPane = paneOf('settings', SETTINGS, () => page.value / 4)
export const listPane = paneOf(
  'list',
  LIST,
  () => besideSidebar() - READING - (detailsBeside.value ? DETAILS.least : 0),
)
export const detailsPane = paneOf(
  'details',
  DETAILS,
  () => besideSidebar() - READING - (listFolded.value ? 0 : listPane.width.value),
)

/**
 * Keeps an element as wide as its pane, while there is one. By hand: what stands in a pane would be
 * drawn anew at each move of the pointer that makes it wider.
 */
export function usePaneWidth(
  element: Readonly<Ref<HTMLElement | null>>,
  width: () => number | null,
): void {
  watchEffect(
    () => {
      const now = width()
      if (element.value) element.value.style.width = now === null ? '' : `${String(now)}px`
    },
    { flush: 'post' },
  )
}

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

/** A width that fits. */
function within({ least, most, usual }: PaneLimits, width: number): number {
  return Number.isFinite(width) ? Math.round(Math.min(Math.max(width, least), most)) : usual
}
