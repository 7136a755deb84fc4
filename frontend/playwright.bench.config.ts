import { defineConfig } from '@playwright/test'
import base from './playwright.config'

// What `make bench` measures in Chromium, against a server that it has started and filled.
export default defineConfig({
  ...base,
  testDir: 'e2e/bench',
  outputDir: 'test-results/bench',
  workers: 1,
  retries: 0,
  timeout: 900_000,
  webServer: undefined,
  use: { ...base.use, baseURL: process.env.LOKET_URL },
})
