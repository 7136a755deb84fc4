import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, test } from '@playwright/test'
import type { AxeResults } from 'axe-core'
import { enter, settle, VIEWS, type View } from '../views'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const LOOKS = [
  { name: 'light', width: 1440, height: 900, colorScheme: 'light' },
  { name: 'dark', width: 1440, height: 900, colorScheme: 'dark' },
  { name: 'phone', width: 390, height: 844, colorScheme: 'light' },
  { name: 'dutch', width: 1440, height: 900, colorScheme: 'light', locale: 'nl-NL' },
] as const

/** Whether a view is looked at in this way. */
function shown(look: (typeof LOOKS)[number], { name, prepare }: View): boolean {
  // A phone has no keyboard to show the shortcuts of; what is prepared is found by English names.
  return look.name === 'phone' ? name !== 'shortcuts' : look.name !== 'dutch' || !prepare
}

for (const look of LOOKS)
  for (const view of VIEWS.filter((candidate) => shown(look, candidate)))
    test(`${view.name} in ${look.name} has no barrier that axe can find`, async ({ browser }) => {
      const context = await browser.newContext({
        viewport: { width: look.width, height: look.height },
        colorScheme: look.colorScheme,
        ...('locale' in look ? { locale: look.locale } : {}),
      })
      await enter(context, `axe-${view.name}-${look.name}`, view.scenario)
      const page = await context.newPage()
      // Refused where nobody is signed in: there the browser's own language counts.
      if ('locale' in look) await page.request.patch('/api/v1/profile', { data: { locale: 'nl' } })
      await page.goto(view.path)
      await view.prepare?.(page)
      await settle(page)
      if ('locale' in look) await expect(page.locator('html')).toHaveAttribute('lang', 'nl')
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
