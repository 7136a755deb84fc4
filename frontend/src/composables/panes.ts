// How wide the panes are, and whether the sidebar is there: of this browser, since each screen is
// another. Numbers only; nothing of anybody's mail is kept.
import { useLocalStorage } from '@vueuse/core'

export interface PaneLimits {
  least: number
  most: number
  usual: number
}

export const LIST: PaneLimits = { least: 280, most: 640, usual: 384 }
export const DETAILS: PaneLimits = { least: 240, most: 480, usual: 288 }

export const listWidth = useLocalStorage('loket.list-width', LIST.usual)
export const detailsWidth = useLocalStorage('loket.details-width', DETAILS.usual)
export const sidebarFolded = useLocalStorage('loket.sidebar-folded', false)

export function within({ least, most, usual }: PaneLimits, width: number): number {
  return Number.isFinite(width) ? Math.round(Math.min(Math.max(width, least), most)) : usual
}
