import { test } from '@playwright/test'
import { enter, settle, VIEWS } from '../views'

const folder = process.env.SHOTS ?? 'test-results/shots'
const LOOKS = [
  { name: 'light', width: 1440, height: 900, colorScheme: 'light' },
  { name: 'dark', width: 1440, height: 900, colorScheme: 'dark' },
  { name: 'phone', width: 390, height: 844, colorScheme: 'light' },
] as const

for (const look of LOOKS)
  for (const view of VIEWS)
    test(`${view.name} ${look.name}`, async ({ browser }) => {
      const context = await browser.newContext({
        viewport: { width: look.width, height: look.height },
        colorScheme: look.colorScheme,
      })
      await enter(context, `shot-${view.name}-${look.name}`, view.scenario)
      const page = await context.newPage()
      await page.goto(view.path)
      await view.prepare?.(page)
      await settle(page)
      await page.waitForTimeout(400)
      await page.screenshot({ path: `${folder}/${view.name}-${look.name}.png` })
      await context.close()
    })
