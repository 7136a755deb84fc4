import { defineConfig } from '@playwright/test'

// Against the mock: every view, both themes, keyboard, axe. Journeys against a real Loket live in
// e2e/journeys and have a configuration of their own.
const PORT = Number(process.env.MOCK_PORT ?? 4173)

export default defineConfig({
  testDir: 'e2e/mock',
  outputDir: 'test-results',
  fullyParallel: true,
  workers: 2,
  // Two cores for Chromium, servers and databases: what fails once is tried once more, and told as flaky.
  retries: process.env.CI ? 1 : 0,
  forbidOnly: Boolean(process.env.CI),
  reporter: [['list'], ['./e2e/support/failures.ts']],
  timeout: 60_000,
  // Two cores shared with a build can be slow; what is waited for comes by events, not by time.
  expect: { timeout: 20_000 },
  use: {
    baseURL: `http://localhost:${PORT}`,
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    timezoneId: 'Europe/Amsterdam',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--headless',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  webServer: {
    command: `npm run -s build:mock && npx vite preview --mode mock --port ${PORT} --strictPort`,
    port: PORT,
    // One that runs already may show an older build.
    reuseExistingServer: false,
    timeout: 120_000,
  },
})
