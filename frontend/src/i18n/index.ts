import { createI18n } from 'vue-i18n'
import type { Locale } from '@/api/types'
import en from './en'

export type Messages = typeof en

export const LOCALES: { code: Locale; name: string }[] = [
  { code: 'en', name: 'English' },
  { code: 'nl', name: 'Nederlands' },
]

/** In which the lines that Loket adds to an answer are written. */
export const MAIL_LANGUAGES: { code: string; name: string }[] = [
  ...LOCALES,
  { code: 'de', name: 'Deutsch' },
]

export const i18n = createI18n<[Messages], Locale, false>({
  legacy: false,
  locale: 'en',
  fallbackLocale: 'en',
  messages: { en } as Record<Locale, Messages>,
})

/** English is always there; other languages are loaded when somebody reads them. */
export async function setLocale(locale: Locale): Promise<void> {
  if (locale === 'nl' && !(i18n.global.availableLocales as string[]).includes('nl')) {
    const { default: nl } = await import('./nl')
    i18n.global.setLocaleMessage('nl', nl)
  }
  i18n.global.locale.value = locale
  document.documentElement.lang = locale
}

/** Before anybody has signed in, the browser's own language decides. */
export function browserLocale(): Locale {
  return navigator.languages.some((language) => language.toLowerCase().startsWith('nl'))
    ? 'nl'
    : 'en'
}
