import { createI18n } from 'vue-i18n'
import type { Locale } from '@/api/types'
import type en from './en'
import type enOffice from './en-office'
import type * as problems from './en-problems'
import { messageCompiler } from './compile'

export type DeskWords = typeof en
export type OfficeWords = typeof enOffice
type ProblemWords = typeof problems
export type Messages = DeskWords & OfficeWords & ProblemWords

export const LOCALES: { code: Locale; name: string }[] = [
  { code: 'en', name: 'English' },
  { code: 'nl', name: 'Nederlands' },
]

/** In which the lines that Loket adds to an answer are written. */
export const MAIL_LANGUAGES: { code: string; name: string }[] = [
  ...LOCALES,
  { code: 'de', name: 'Deutsch' },
]

// The desk's words are there before anything is shown; the office's (settings and what is behind
// them) come after, those of problems with the first of them: nobody waits for words that most days
// never say.
const WORDS = {
  en: {
    desk: async () => (await import('./en')).default,
    office: async () => (await import('./en-office')).default,
    problems: () => import('./en-problems'),
  },
  nl: {
    desk: async () => (await import('./nl')).default,
    office: async () => (await import('./nl-office')).default,
    problems: () => import('./nl-problems'),
  },
}
type Part = keyof (typeof WORDS)['en']

export const i18n = createI18n<[Messages], Locale, false>({
  legacy: false,
  locale: 'en',
  fallbackLocale: false,
  messageCompiler,
  messages: {} as Record<Locale, Messages>,
})

const loaded = new Map<string, Promise<void>>()

function load(locale: Locale, part: Part): Promise<void> {
  const key = `${locale} ${part}`
  const known = loaded.get(key)
  if (known) return known
  const loading = WORDS[locale][part]().then((words) => {
    i18n.global.mergeLocaleMessage(locale, { ...words })
  })
  // What could not be fetched is asked for again the next time.
  loading.catch(() => loaded.delete(key))
  loaded.set(key, loading)
  return loading
}

// What has been wanted in one language is wanted in the next.
const wanted = new Set<Part>(['desk'])

/** Begins to fetch what is probably needed first, while the session is still on its way. */
export function expectWords(): void {
  load(browserLocale(), 'desk').catch(() => undefined)
}

export async function setLocale(locale: Locale): Promise<void> {
  await Promise.all([...wanted].map((part) => load(locale, part)))
  i18n.global.locale.value = locale
  document.documentElement.lang = locale
}

/** More words, in the language that is spoken now and from now on. */
export async function words(part: Part): Promise<void> {
  wanted.add(part)
  await load(i18n.global.locale.value, part)
}

/** A part of the page that speaks the office's words is shown with them, never before. */
export function withWords<T>(part: () => Promise<T>): () => Promise<T> {
  return async () => {
    const [shown] = await Promise.all([part(), words('office')])
    return shown
  }
}

/** Before anybody has signed in, the browser's own language decides. */
export function browserLocale(): Locale {
  return navigator.languages.some((language) => language.toLowerCase().startsWith('nl'))
    ? 'nl'
    : 'en'
}
