import { defineConfig } from '@playwright/test'
import base from './playwright.config'

// Pictures of every view, to be looked at: npm run shots (SHOTS=folder to say where).
export default defineConfig({ ...base, testDir: 'e2e/shots', timeout: 60_000 })
