import { expect, test, type Page } from '@playwright/test'
import { enter } from '../views'

test.beforeEach(async ({ context }, { testId }) => {
  await enter(context, `search-${testId}`)
})

const box = (page: Page) => page.getByRole('combobox', { name: 'Search mail, number or address' })
const results = (page: Page) => page.getByRole('list', { name: 'Search results' })
const rows = (page: Page) => results(page).getByRole('link')
const option = (page: Page, name: string | RegExp) => page.getByRole('option', { name })
const here = (page: Page) => new URL(page.url()).pathname + new URL(page.url()).hash

async function toBox(page: Page): Promise<void> {
  await box(page).waitFor()
  await page.keyboard.press('/')
  await expect(box(page)).toBeFocused()
}

async function search(page: Page, q: string): Promise<void> {
  await toBox(page)
  await box(page).fill(q)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/search$/)
}

/** Whatever the browser keeps or shows of the page: nothing of it may hold a word of a query. */
const kept = (page: Page) =>
  page.evaluate(async () =>
    JSON.stringify([
      location.href,
      history.state,
      document.title,
      { ...localStorage },
      { ...sessionStorage },
      await indexedDB.databases(),
    ]),
  )

test('the box answers as one types, and the words stand in no address and no storage', async ({
  page,
}) => {
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url() + (request.headers().referer ?? '')))
  await page.goto('/tickets/open')
  await toBox(page)
  await page.keyboard.type('bestelling braadpan')
  const found = page.getByRole('group', { name: 'Tickets' }).getByRole('option')
  await expect(found.first()).toContainText('braadpan')
  await expect(found.first().locator('mark').first()).toHaveText(/^(bestelling|braadpan)$/)
  await expect(box(page)).toHaveAttribute('aria-expanded', 'true')
  await expect(page.getByRole('status').filter({ hasText: /tickets? found/ })).toHaveCount(1)

  await page.keyboard.press('ArrowDown')
  const active = await box(page).getAttribute('aria-activedescendant')
  await expect(page.locator(`[id="${active ?? ''}"]`)).toHaveText(/All results for/)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/search$/)
  await expect(rows(page).first()).toContainText('bestelling')
  await rows(page).first().click()
  await expect(page).toHaveURL(/\/search\/\d+$/)
  await page.getByRole('article').first().waitFor()

  expect(await kept(page)).not.toMatch(/bestelling|braadpan/)
  expect(asked.filter((url) => /bestelling|braadpan/.test(url))).toEqual([])
  expect(asked.some((url) => url.includes('/api/v1/search'))).toBe(true)
})

test('fields and their values are completed by the keyboard', async ({ page }) => {
  await page.goto('/tickets/open')
  await toBox(page)
  await page.keyboard.type('bestelling assi')
  await option(page, /^assignee:/).waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(box(page)).toHaveValue('bestelling assignee:')
  await page.keyboard.type('jor')
  await option(page, /Joris Bakker/).click()
  await expect(box(page)).toHaveValue('bestelling assignee:"Joris Bakker" ')
  await expect(box(page)).toBeFocused()
  await page.keyboard.type('tag:ret')
  await expect(option(page, /^tag:Retour/)).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('listbox')).toBeHidden()
  await expect(box(page)).toHaveValue('bestelling assignee:"Joris Bakker" tag:ret')
})

test('contacts and saved replies are found too', async ({ page }) => {
  await page.goto('/tickets/open')
  await toBox(page)
  await page.keyboard.type('marieke')
  await page.getByRole('group', { name: 'Contacts' }).getByRole('option').first().click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Marieke van Dijk')
  await page.goto('/tickets/open')
  await toBox(page)
  await page.keyboard.type('retourlabel')
  await page.getByRole('group', { name: 'Saved replies' }).getByRole('option').first().click()
  await expect(page).toHaveURL(/\/settings\/saved-replies$/)
})

test('back and forward go through searches; a reload forgets them', async ({ page }) => {
  await page.goto('/tickets/open')
  await search(page, 'braadpan')
  await rows(page).first().waitFor()
  await search(page, 'factuur')
  await expect(rows(page).first()).toContainText('Factuur')
  await page.goBack()
  await expect(box(page)).toHaveValue('braadpan')
  await page.goBack()
  await expect(page).toHaveURL(/\/tickets\/open$/)
  await page.goForward()
  await page.goForward()
  await expect(box(page)).toHaveValue('factuur')
  await expect(rows(page).first()).toContainText('Factuur')

  await toBox(page)
  await page.keyboard.press('Backspace')
  await expect(page.getByRole('group', { name: 'Recent searches' }).getByRole('option')).toHaveText(
    ['factuur', 'braadpan'],
  )
  await page.reload()
  await expect(page.getByText('Search all mail')).toBeVisible()
  await toBox(page)
  await option(page, /^from:/).waitFor()
  await expect(page.getByRole('group', { name: 'Recent searches' })).toHaveCount(0)
})

test('what was found is read once it was open, and a reload shows the ticket', async ({ page }) => {
  await page.goto('/search#q=braadpan')
  const unread = rows(page).first().getByRole('img', { name: 'Unread' })
  await expect(unread).toHaveCount(1)
  await rows(page).first().click()
  await page.getByRole('article').first().waitFor()
  await expect(unread).toHaveCount(0)
  const number = page.url().split('/').at(-1) ?? ''
  await page.reload()
  await expect(page).toHaveURL(new RegExp(`/tickets/all/${number}$`))
})

test('a link to a search loses its words as it is opened, also when one signs in first', async ({
  page,
  context,
}, { testId }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.goto('/search#q=braadpan&sort=newest')
  await rows(page).first().waitFor()
  expect(here(page)).toBe('/search')
  await expect(box(page)).toHaveValue('braadpan')
  await page.getByRole('button', { name: 'Copy a link to this search' }).click()
  await expect(page.getByText(/^Link copied/)).toBeVisible()
  const link = await page.evaluate(() => navigator.clipboard.readText())
  expect(link).toMatch(/\/search#q=braadpan&sort=newest$/)
  // Nothing of it is one step back.
  await page.goBack().catch(() => null)
  expect(page.url()).not.toContain('braadpan')

  await enter(context, `search-${testId}-out`, 'signed-out')
  await page.goto('about:blank')
  await page.goto(link)
  await page.getByLabel('E-mail address').waitFor()
  expect(page.url()).not.toContain('braadpan')
  await page.getByLabel('E-mail address').fill('sanne@veldkeuken.example')
  await page.getByLabel('Password', { exact: true }).fill('correct horse battery')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL(/\/search$/)
  await expect(box(page)).toHaveValue('braadpan')
})

test('results are narrowed and put in order, in the words of the query', async ({ page }) => {
  await page.goto('/search#q=bestelling+OR+factuur')
  const total = page.getByRole('status').filter({ hasText: /tickets? found/ })
  await expect(total).toHaveCount(1)
  const before = await total.textContent()
  await page.getByRole('button', { name: 'Status' }).click()
  await page.getByRole('menuitemradio', { name: /^Open/ }).click()
  await expect(box(page)).toHaveValue('(bestelling OR factuur) is:open')
  await expect(total).not.toHaveText(before ?? '')
  await page.getByRole('button', { name: 'Status: Open' }).click()
  await page.getByRole('menuitemradio', { name: 'Any status' }).click()
  await expect(box(page)).toHaveValue('(bestelling OR factuur)')
  await page.getByRole('button', { name: 'Order: Best match' }).click()
  await page.getByRole('menuitemradio', { name: 'Oldest first' }).click()
  await expect(page.getByRole('button', { name: 'Order: Oldest first' })).toBeVisible()
  await page.goBack()
  await expect(box(page)).toHaveValue('(bestelling OR factuur) is:open')
})

test('page after page is fetched as one goes down', async ({ page }) => {
  let pages = 0
  page.on('request', (request) => {
    if (request.url().endsWith('/api/v1/search')) pages += 1
  })
  await page.goto('/search#q=bestelling')
  await rows(page).first().waitFor()
  // Whoever reads what was found first is not brought more of it.
  await rows(page).first().click()
  await page.getByRole('article').first().waitFor()
  expect(pages).toBe(1)
  const total = Number(await rows(page).first().locator('..').getAttribute('aria-setsize'))
  expect(total).toBeGreaterThan(50)
  const last = results(page).locator(`[aria-posinset="${String(total)}"]`)
  await expect(async () => {
    await results(page)
      .locator('xpath=..')
      .evaluate((list) => {
        list.scrollTop = list.scrollHeight
      })
    await expect(last).toBeVisible({ timeout: 500 })
  }).toPass()
})

test('a wrong query is told, and where it is wrong', async ({ page }) => {
  await page.goto('/search#q=fiets+is%3Anonsense')
  await expect(page.getByText('This cannot stand behind “is:”.')).toBeVisible()
  await expect(page.locator('mark.wrong')).toHaveText('nonsense')
  await expect(box(page)).toHaveAttribute('aria-invalid', 'true')
  await expect(box(page)).toHaveAccessibleDescription(/This cannot stand behind/)
  await search(page, 'braadpan')
  await rows(page).first().waitFor()
  await expect(box(page)).not.toHaveAttribute('aria-invalid')
})

test('a search is kept as a view: its words stand in no address, it is renamed and removed', async ({
  page,
}) => {
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url() + (request.headers().referer ?? '')))
  await page.goto('/tickets/open')
  await search(page, 'braadpan is:open')
  await page.getByRole('button', { name: 'Order: Best match' }).click()
  await page.getByRole('menuitemradio', { name: 'Oldest first' }).click()
  await page.getByRole('button', { name: 'Save as a view' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText('Shows: braadpan is:open')).toBeVisible()
  await dialog.getByLabel('Name').fill('Pans')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(page).toHaveURL(/\/tickets\/v-[0-9a-f-]{36}$/)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Pans')
  await rows(page).first().waitFor()
  const shown = () => rows(page).evaluateAll((links) => links.map((link) => link.textContent))
  const before = await shown()

  const sidebar = page.getByRole('navigation', { name: 'Main' })
  const link = sidebar.getByRole('link', { name: 'Pans' })
  await expect(link).toHaveText('Pans')
  await sidebar.getByRole('link', { name: 'Inbox' }).click()
  await page.getByRole('list', { name: 'Inbox' }).waitFor()
  await link.click()
  await expect(link).toHaveAttribute('aria-current', 'page')
  await rows(page).first().waitFor()
  expect(await shown()).toEqual(before)
  await expect(box(page)).toHaveValue('braadpan is:open')
  await expect(page.getByRole('button', { name: 'Order: Oldest first' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Save as a view' })).toHaveCount(0)

  // With a ticket beside it, also after a reload; the list is leafed through as any other.
  await page.keyboard.press('j')
  await expect(page).toHaveURL(/\/tickets\/v-[0-9a-f-]{36}\/\d+$/)
  await page.getByRole('article').first().waitFor()
  expect(await kept(page)).not.toContain('braadpan')
  const opened = page.url()
  await page.reload()
  await page.getByRole('article').first().waitFor()
  await rows(page).first().waitFor()
  expect(page.url()).toBe(opened)
  expect(await shown()).toHaveLength(before.length)
  await page.keyboard.press('x')
  await expect(page.getByText(/^\W*1\W* chosen$/)).toBeVisible()
  await page.keyboard.press('Escape')
  await page.keyboard.press('u')
  await expect(page).toHaveURL(/\/tickets\/v-[0-9a-f-]{36}$/)

  // Another question is a search like any other, and back leads to the view.
  await search(page, 'factuur')
  await expect(rows(page).first()).toContainText('Factuur')
  await page.goBack()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Pans')
  await expect(box(page)).toHaveValue('braadpan is:open')

  await page.getByRole('button', { name: 'Change Pans' }).click()
  await expect(dialog.getByLabel('Looks for')).toHaveValue('braadpan is:open')
  await dialog.getByLabel('Name').fill('Pots')
  await dialog.getByText('Share it with everybody').click()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Pots')
  await expect(box(page)).toHaveValue('braadpan is:open')
  expect(await kept(page)).not.toContain('braadpan')

  // What it looks for can be something else, if it is a search.
  await page.getByRole('button', { name: 'Change Pots' }).click()
  await expect(dialog.getByRole('checkbox', { name: 'Share it with everybody' })).toBeChecked()
  await dialog.getByLabel('Looks for').fill('factuur is:nonsense')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog.getByText('This cannot stand behind “is:”.')).toBeVisible()
  await dialog.getByLabel('Looks for').fill('factuur')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog).toHaveCount(0)
  await expect(box(page)).toHaveValue('factuur')
  await expect(rows(page).first()).toContainText('Factuur')
  await expect(page.getByRole('button', { name: 'Order: Oldest first' })).toBeVisible()
  await page.getByRole('button', { name: 'Change Pots' }).click()
  await dialog.getByRole('button', { name: 'Remove' }).click()
  await expect(page).toHaveURL(/\/tickets\/open$/)
  await expect(page.getByText('View “Pots” removed')).toBeVisible()
  await expect(sidebar.getByRole('link', { name: 'Pots' })).toHaveCount(0)
  await page.getByRole('list', { name: 'Inbox' }).waitFor()
  expect(asked.filter((url) => url.includes('braadpan'))).toEqual([])
})

test('a view whose search is wrong says so as a wrong search does, and can be removed', async ({
  page,
}) => {
  await page.route('**/api/v1/views', async (route) => {
    const view = {
      id: '0192f000-0000-7000-8000-0000000000aa',
      name: 'Of old',
      filter: { search: 'fiets is:nonsense' },
      shared: false,
      own: true,
      can_change: true,
    }
    await route.fulfill({ json: { items: [view], next_cursor: null } })
  })
  await page.goto('/tickets/v-0192f000-0000-7000-8000-0000000000aa')
  await expect(page.getByText('This cannot stand behind “is:”.')).toBeVisible()
  await expect(page.locator('mark.wrong')).toHaveText('nonsense')
  await expect(box(page)).toHaveAttribute('aria-invalid', 'true')
  await page.getByRole('button', { name: 'Change Of old' }).click()
  await expect(page.getByRole('dialog').getByRole('button', { name: 'Remove' })).toBeVisible()
})

test('a mailbox in the sidebar narrows a list, not a search that is kept', async ({ page }) => {
  await page.goto('/search#q=braadpan')
  await page.getByRole('button', { name: 'Save as a view' }).click()
  await page.getByRole('dialog').getByLabel('Name').fill('Pans')
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Pans')
  await page.locator('a[href*="mailbox="]').first().click()
  await expect(page).toHaveURL(/\/tickets\/open\?mailbox=/)
})

test('keys and acts on many work on what was found', async ({ page }) => {
  await page.goto('/search#q=braadpan+is%3Aopen')
  await rows(page).first().waitFor()
  const first = (await rows(page).first().getAttribute('href')) ?? ''
  await page.keyboard.press('j')
  await expect(page).toHaveURL(new RegExp(`${first}$`))
  await page.keyboard.press('j')
  await expect(page).not.toHaveURL(new RegExp(`${first}$`))
  await page.keyboard.press('k')
  await page.keyboard.press('x')
  await page.keyboard.press('j')
  await page.keyboard.press('x')
  await expect(page.getByText(/^\W*2\W* chosen$/)).toBeVisible()
  const bar = page.getByRole('toolbar')
  await bar.getByRole('button', { name: 'Close', exact: true }).click()
  await expect(page.getByText(/^\W*2\W* tickets changed/)).toBeVisible()
  await expect(results(page).locator(`a[href="${first}"]`)).toHaveCount(0)
  await page.keyboard.press('e')
  await expect(page.getByText(/Ticket \W*\d+\W* (closed|reopened)/)).toBeVisible()
  await page.keyboard.press('u')
  await expect(page).toHaveURL(/\/search$/)
})

test('what is found now comes by itself, and what was chosen stays chosen', async ({
  page,
  request,
}) => {
  const listening = page.waitForResponse((response) => response.url().endsWith('/api/v1/events'))
  await page.goto('/search#q=braadpan+is%3Aopen')
  await rows(page).first().waitFor()
  await listening
  await page.keyboard.press('j')
  await page.keyboard.press('x')
  const chosen = rows(page).first().locator('..').getByRole('checkbox')
  await expect(chosen).toBeChecked()
  const count = Number(await rows(page).first().locator('..').getAttribute('aria-setsize'))
  const found = await rows(page).evaluateAll((links) =>
    links.map((link) => link.getAttribute('href')),
  )
  const other = [2001, 2002, 2003, 2005, 2006].find((of) => !found.includes(`/search/${of}`)) ?? 0
  const there = results(page).locator(`a[href="/search/${other}"]`)
  const cookie = (await page.context().cookies())
    .map(({ name, value }) => `${name}=${value}`)
    .join('; ')
  await request.post(`/api/v1/tickets/${other}/notes?as=colleague`, {
    headers: { cookie },
    data: { text: 'Het ging toch om de braadpan.' },
  })
  await expect(there).toBeVisible()
  await expect(rows(page).first().locator('..')).toHaveAttribute('aria-setsize', String(count + 1))
  await expect(page.getByText(/^\W*1\W* chosen$/)).toBeVisible()
})

test('numbers and addresses jump as they always did', async ({ page }) => {
  await page.goto('/tickets/open')
  await toBox(page)
  await page.keyboard.type('2003')
  await option(page, 'Ticket #2003').click()
  await expect(page).toHaveURL(/\/all\/2003$/)
  await toBox(page)
  await box(page).fill('bas.hendriks@example.nl')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: /^Results for/ })).toBeVisible()
  // An order's number is no ticket's: mail has it.
  await page.goto('/tickets/open')
  await toBox(page)
  await page.keyboard.type('20481')
  await page.getByRole('group', { name: 'Tickets' }).getByRole('option').first().waitFor()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/search$/)
  await expect(rows(page).first()).toContainText('20481')
})

test('the palette searches when nothing is called that', async ({ page }) => {
  await page.goto('/tickets/open/2004')
  await page.getByRole('main').getByText('#2004').waitFor()
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog').waitFor()
  await page.keyboard.type('braadpan')
  await option(page, 'Search mail for “braadpan”').waitFor()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/search$/)
  await expect(rows(page).first()).toContainText('braadpan')
})

test('something is found within a ticket, in quotes and in mails with a layout of their own', async ({
  page,
}) => {
  await page.goto('/tickets/open/2004')
  await page.getByRole('main').getByText('#2004').waitFor()
  await page.keyboard.press('F')
  // What is typed before the field is there is meant for it.
  await page.keyboard.type('vrijdag')
  const field = page.getByRole('textbox', { name: 'Find in this ticket' })
  await expect(field).toHaveValue('vrijdag')
  const bar = page.getByRole('search', { name: 'Find in this ticket' })
  const place = bar.getByRole('status')
  const painted = () =>
    page.evaluate(() => [...(CSS.highlights.get('found-here') ?? [])].map((range) => String(range)))
  await expect(place).toHaveText('1 of 3')
  await expect.poll(painted).toEqual(['vrijdag'])
  await page.keyboard.press('Enter')
  await expect(place).toHaveText('2 of 3')
  await expect.poll(painted).toEqual(['Vrijdag'])
  await expect(field).toBeFocused()
  await page.keyboard.press('Shift+Enter')
  await page.keyboard.press('Shift+Enter')
  await expect(place).toHaveText('3 of 3')
  await field.fill('nowhere')
  await expect(place).toHaveText('Not found')
  await field.fill('marieke')
  await page.keyboard.press('Enter')
  // The last one is in a quote that was folded.
  await expect(async () => {
    await page.keyboard.press('Enter')
    await expect(page.getByRole('button', { name: 'Hide quoted text' })).toBeVisible({
      timeout: 300,
    })
  }).toPass()
  await page.keyboard.press('Escape')
  await expect(bar).toHaveCount(0)
  expect(await painted()).toEqual([])

  await page.goto('/tickets/open/2001')
  await page.getByRole('main').getByText('#2001').waitFor()
  await page.keyboard.press('F')
  await field.fill('order')
  const first = page.getByRole('article').first()
  await expect(first.locator('p', { hasText: 'Found in this mail' }).locator('mark')).toHaveText([
    /order/i,
  ])
})

test('who comes from a search sees the message that was found', async ({ page }) => {
  await page.goto('/search#q=plank')
  await rows(page).first().click()
  const note = page.getByRole('article', { name: /^Internal note by/ })
  await expect(note).toBeFocused()
  await expect(note).toBeInViewport()
  await page.keyboard.press('F')
  await expect(page.getByRole('textbox', { name: 'Find in this ticket' })).toHaveValue('plank')
})

test('without an index numbers are found, and words are not', async ({ context, page }, {
  testId,
}) => {
  await enter(context, `search-${testId}-none`, 'no-search')
  await page.goto('/tickets/open')
  await search(page, 'braadpan')
  await expect(page.getByText('Search is not available')).toBeVisible()
  await toBox(page)
  await box(page).fill('#2004')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: /^Results for/ })).toBeVisible()
})
