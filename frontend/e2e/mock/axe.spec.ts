import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, test, type Page } from '@playwright/test'
import type * as Axe from 'axe-core'
import { enter, settle, VIEWS, type View } from '../views'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const WIDE = { width: 1440, height: 900 }

/** Each page is loaded once and then looked at in several ways: to load it takes longer than to check it. */
const PAGES = [
  {
    name: 'wide',
    looks: [
      { name: 'light', ...WIDE, colorScheme: 'light' },
      { name: 'dark', ...WIDE, colorScheme: 'dark' },
      { name: 'tablet', width: 1024, height: 768, colorScheme: 'light' },
    ],
  },
  {
    name: 'phone',
    looks: [
      { name: 'phone', width: 390, height: 844, colorScheme: 'light' },
      { name: 'dark phone', width: 390, height: 844, colorScheme: 'dark' },
    ],
  },
  { name: 'dutch', locale: 'nl-NL', looks: [{ name: 'dutch', ...WIDE, colorScheme: 'light' }] },
] as const

/** Whether a view is looked at in this way. */
function shown(page: (typeof PAGES)[number], { name, prepare }: View): boolean {
  // A phone has no keyboard to show the shortcuts of; what is prepared is found by English names.
  return page.name === 'phone' ? name !== 'shortcuts' : page.name !== 'dutch' || !prepare
}

/**
 * Where everything has to be in a landmark, axe takes dialogs out. Menus and tooltips are the same: they
 * lie at the end of the page, are shown for a moment, and are reached through what opens them.
 */
const REGIONS = 'dialog, [role=dialog], [role=alertdialog], svg, [role=menu], [role=tooltip]'

/** With all rules, also those that are good practice and no part of WCAG. */
async function barriers(page: Page) {
  const { violations } = await page.evaluate<Axe.AxeResults>('axe.run(document)')
  return violations.map(({ id, nodes }) => ({
    id,
    nodes: nodes.map(
      ({ target, failureSummary }) => `${target.join(' ')}: ${failureSummary ?? ''}`,
    ),
  }))
}

for (const kind of PAGES)
  for (const view of VIEWS.filter((candidate) => shown(kind, candidate)))
    test(`${view.name} in ${kind.name} has no barrier that axe can find`, async ({ browser }) => {
      const [first] = kind.looks
      const context = await browser.newContext({
        viewport: { width: first.width, height: first.height },
        colorScheme: first.colorScheme,
        ...('locale' in kind ? { locale: kind.locale } : {}),
      })
      await enter(context, `axe-${view.name}-${kind.name}`, view.scenario)
      const page = await context.newPage()
      // Refused where nobody is signed in: there the browser's own language counts.
      if ('locale' in kind) await page.request.patch('/api/v1/profile', { data: { locale: 'nl' } })
      await page.goto(view.path)
      await view.prepare?.(page)
      await settle(page)
      if ('locale' in kind) await expect(page.locator('html')).toHaveAttribute('lang', 'nl')
      await page.evaluate(axe)
      await page.evaluate(
        (regionMatcher) =>
          (window as unknown as { axe: typeof Axe }).axe.configure({
            checks: [{ id: 'region', options: { regionMatcher } }],
          }),
        REGIONS,
      )
      for (const { name, width, height, colorScheme } of kind.looks) {
        await page.emulateMedia({ colorScheme })
        await page.setViewportSize({ width, height })
        await settle(page)
        expect.soft(await barriers(page), name).toEqual([])
      }
      await context.close()
    })
