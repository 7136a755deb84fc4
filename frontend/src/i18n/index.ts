import { createI18n } from 'vue-i18n'
import type { Locale } from '@/api/types'
import type en from './en'
import type enOffice from './en-office'
import { messageCompiler } from './compile'

export type DeskWords = typeof en
export type OfficeWords = typeof enOffice
export type Messages = DeskWords & OfficeWords

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
// them, problems) come after, so that nobody waits for words that most days never say.
const WORDS = {
  en: { desk: () => import('./en'), office: () => import('./en-office') },
  nl: { desk: () => import('./nl'), office: () => import('./nl-office') },
}

export const i18n = createI18n<[Messages], Locale, false>({
  legacy: false,
  locale: 'en',
  fallbackLocale: false,
  messageCompiler,
  messages: {} as Record<Locale, Messages>,
})

const loaded = new Map<string, Promise<void>>()

function load(locale: Locale, part: 'desk' | 'office'): Promise<void> {
  const key = `${locale} ${part}`
  const known = loaded.get(key)
  if (known) return known
  const loading = WORDS[locale][part]().then(({ default: words }) => {
    i18n.global.mergeLocaleMessage(locale, words)
  })
  // What could not be fetched is asked for again the next time.
  loading.catch(() => loaded.delete(key))
  loaded.set(key, loading)
  return loading
}

let office = false

/** Begins to fetch what is probably needed first, while the session is still on its way. */
export function expectWords(): void {
  load(browserLocale(), 'desk').catch(() => undefined)
}

export async function setLocale(locale: Locale): Promise<void> {
  await Promise.all([load(locale, 'desk'), office && load(locale, 'office')])
  i18n.global.locale.value = locale
  document.documentElement.lang = locale
}

/** The office's words, in the language that is spoken now and from now on. */
export async function officeWords(): Promise<void> {
  office = true
  await load(i18n.global.locale.value, 'office')
}

/** A part of the page that speaks the office's words is shown with them, never before. */
export function withWords<T>(part: () => Promise<T>): () => Promise<T> {
  return async () => {
    const [shown] = await Promise.all([part(), officeWords()])
    return shown
  }
}

/** Before anybody has signed in, the browser's own language decides. */
export function browserLocale(): Locale {
  return navigator.languages.some((language) => language.toLowerCase().startsWith('nl'))
    ? 'nl'
    : 'en'
}
