import { enableAutoUnmount } from '@vue/test-utils'
import { afterEach } from 'vitest'
import { officeWords, setLocale } from '@/i18n'

enableAutoUnmount(afterEach)

// Tests say all words; that some come later is for the browser tests.
await setLocale('en')
await officeWords()
