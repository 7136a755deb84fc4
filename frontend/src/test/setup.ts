import { enableAutoUnmount } from '@vue/test-utils'
import { afterEach } from 'vitest'
import { setLocale, words } from '@/i18n'

enableAutoUnmount(afterEach)

// Tests say all words; that some come later is for the browser tests.
await setLocale('en')
await words('office')
await words('problems')
