import { withWords } from '@/i18n'

const parts = withWords(() => import('./parts'))

export const searchPage = async () => (await parts()).SearchPage
export const savedSearch = async () => ({ default: (await parts()).SavedSearch })
