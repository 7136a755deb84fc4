import { defineConfig } from '@playwright/test'
import base from './playwright.config'
import { keyOfCa } from './e2e/journeys/support/rig'

// Against the real program: each file starts one of its own. The provider's consent page is served
// with a certificate of the rig's CA, the only one that this browser accepts unasked.
export default defineConfig({
  ...base,
  testDir: 'e2e/journeys',
  outputDir: 'test-results/journeys',
  fullyParallel: false,
  timeout: 90_000,
  webServer: undefined,
  use: {
    ...base.use,
    baseURL: undefined,
    actionTimeout: 20_000,
    launchOptions: {
      ...base.use?.launchOptions,
      args: [
        ...(base.use?.launchOptions?.args ?? []),
        // Tools that only read this file have no rig.
        ...(process.env.RIG_JSON ? [`--ignore-certificate-errors-spki-list=${keyOfCa()}`] : []),
      ],
    },
  },
})
