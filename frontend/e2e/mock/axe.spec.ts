import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, test } from '@playwright/test'
import type { AxeResults } from 'axe-core'
import { enter, settle, VIEWS } from '../views'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const LOOKS = [
  { name: 'light', width: 1440, height: 900, colorScheme: 'light' },
  { name: 'dark', width: 1440, height: 900, colorScheme: 'dark' },
  { name: 'phone', width: 390, height: 844, colorScheme: 'light' },
] as const

for (const look of LOOKS)
  // A phone has no keyboard to show the shortcuts of.
  for (const view of VIEWS.filter(({ name }) => look.name !== 'phone' || name !== 'shortcuts'))
    test(`${view.name} in ${look.name} has no barrier that axe can find`, async ({ browser }) => {
      const context = await browser.newContext({
        viewport: { width: look.width, height: look.height },
        colorScheme: look.colorScheme,
      })
      await enter(context, `axe-${view.name}-${look.name}`, view.scenario)
      const page = await context.newPage()
      await page.goto(view.path)
      await view.prepare?.(page)
      await settle(page)
      await page.evaluate(axe)
      const { violations } = await page.evaluate<AxeResults>(
        `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })`,
      )
      expect(
        violations.map(({ id, nodes }) => ({
          id,
          nodes: nodes.map(
            ({ target, failureSummary }) => `${target.join(' ')}: ${failureSummary ?? ''}`,
          ),
        })),
      ).toEqual([])
      await context.close()
    })
