import { defineConfig } from '@playwright/test'
import journeys from './playwright.journeys.config'

// The picture in README.md, from the demo: npm run screenshot.
export default defineConfig({ ...journeys, testDir: 'e2e/screenshot', workers: 1 })
