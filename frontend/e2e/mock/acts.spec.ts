import { expect, test, type Page } from '@playwright/test'
import { enter } from '../views'

test.beforeEach(async ({ context }, { testId }) => {
  await enter(context, `acts-${testId}`)
})

const list = (page: Page) => page.getByRole('list', { name: 'Inbox' })
const row = (page: Page, number: number) => list(page).locator(`a[href$="/${number}"]`)
async function open(page: Page, number: number): Promise<void> {
  await page.goto(`/tickets/open/${number}`)
  await page.getByRole('main').getByText(`#${number}`).waitFor()
}

test('a ticket is tagged, and a tag made, by the keyboard alone', async ({ page }) => {
  await open(page, 2004)
  await page.keyboard.press('t')
  await expect(page.getByRole('combobox', { name: 'Find a tag' })).toBeFocused()
  await page.keyboard.type('vip')
  await page.getByRole('option', { name: 'VIP' }).waitFor()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: 'Take off VIP' })).toBeVisible()
  await expect(page.getByRole('option', { name: 'VIP' })).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Control+A')
  await page.keyboard.type('Breuk')
  await page.getByRole('option', { name: 'Make “Breuk”' }).waitFor()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: 'Take off Breuk' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('button', { name: 'Add a tag' })).toBeFocused()
  await page.keyboard.press('z')
  await expect(page.getByRole('button', { name: 'Take off Breuk' })).toHaveCount(0)
  await expect(page.getByRole('button', { name: 'Take off VIP' })).toBeVisible()
})

test('a ticket sleeps until the time that was written', async ({ page }) => {
  await open(page, 2004)
  await page.keyboard.press('h')
  await expect(page.getByRole('textbox', { name: 'When' })).toBeFocused()
  await page.keyboard.type('sometime')
  await expect(page.getByText('does not understand this')).toBeVisible()
  await page.keyboard.press('Control+A')
  await page.keyboard.type('tomorrow 9:00')
  await page.keyboard.press('Enter')
  await expect(page.getByText(/Ticket 2004 sleeps until/)).toBeVisible()
  await expect(row(page, 2004)).toHaveCount(0)
  await expect(page.getByRole('link', { name: /Snoozed/ })).toBeVisible()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(row(page, 2004)).toBeVisible()
})

test('arrow keys lead from the words to the times that are offered', async ({ page }) => {
  await open(page, 2004)
  await page.keyboard.press('h')
  const field = page.getByRole('textbox', { name: 'When' })
  await expect(field).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowUp')
  await expect(field).toBeFocused()
  await page.keyboard.press('ArrowUp')
  await expect(page.getByRole('button', { name: /^Next week/ }).last()).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByText(/Ticket 2004 sleeps until/)).toBeVisible()
})

test('different customers are merged only after a word about it', async ({ page }) => {
  await open(page, 2004)
  await page.keyboard.press('Shift+M')
  await page.getByLabel('Number of the ticket that stays').fill('2003')
  await page.getByRole('button', { name: 'Merge', exact: true }).click()
  await expect(page.getByText('These tickets are of different customers')).toBeVisible()
  await page.getByRole('button', { name: 'Merge anyway' }).click()
  await expect(page.getByText('Merged into ticket 2003')).toBeVisible()
  // Not on what is left of it: the next one is there.
  await expect(page).toHaveURL(/\/tickets\/open\/(?!2004)\d+$/)
  await page.goto('/tickets/all/2004')
  // Not in the other ticket, which stands ready unseen.
  const conversation = page.getByRole('region', { name: 'Conversation' })
  await expect(conversation.getByText(/merged ticket #2004 into #2003/)).toBeVisible()
  await conversation.getByRole('button', { name: 'Undo' }).click()
  // One line tells of both.
  await expect(conversation.getByText(/^undone by/)).toBeVisible()
  await expect(conversation.getByText(/undid this/)).toHaveCount(0)
})

test('a related ticket is moved into the other, and taken back by z', async ({ page, context }, {
  testId,
}) => {
  await enter(context, `acts-${testId}`, 'related')
  await open(page, 1998)
  const conversation = page.getByRole('region', { name: 'Conversation' })
  await page.getByRole('button', { name: 'Move into #2004' }).click()
  await expect(page).toHaveURL(/\/tickets\/all\/2004$/)
  await expect(page.getByText('Moved into ticket 2004')).toBeVisible()
  await expect(conversation.getByText(/bij de buren op nummer 16/)).toBeVisible()
  await page.keyboard.press('z')
  await expect(conversation.getByText(/^undone by/)).toBeVisible()
  await expect(conversation.getByText(/bij de buren op nummer 16/)).toHaveCount(0)
  await page.goto('/tickets/open/1998')
  await expect(conversation.getByText(/bij de buren op nummer 16/)).toBeVisible()
})

test('many tickets are chosen and changed at once, and all of it is undone', async ({ page }) => {
  await page.goto('/tickets/open')
  await page.getByRole('checkbox', { name: 'Choose ticket 2004' }).check()
  await page.getByRole('checkbox', { name: 'Choose ticket 2002' }).click({ modifiers: ['Shift'] })
  const bar = page.getByRole('toolbar', { name: 'What to do with the chosen tickets' })
  await expect(bar.getByRole('status')).toHaveText('3 chosen')
  await bar.getByRole('button', { name: 'Close', exact: true }).click()
  await expect(page.getByText('3 tickets changed')).toBeVisible()
  await expect(row(page, 2003)).toHaveCount(0)
  await expect(bar).toHaveCount(0)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(row(page, 2003)).toBeVisible()
})

test('many tickets are moved, or deleted for good, at once', async ({ page }) => {
  await page.goto('/tickets/open')
  const bar = page.getByRole('toolbar', { name: 'What to do with the chosen tickets' })
  const more = async (what: string) => {
    await page.getByRole('checkbox', { name: 'Choose ticket 2003' }).check()
    await page.getByRole('checkbox', { name: 'Choose ticket 2002' }).check()
    await bar.getByRole('button', { name: 'More acts' }).click()
    await page.getByRole('menuitem', { name: what }).click()
  }
  const dialog = page.getByRole('dialog')

  await more('Move to another mailbox…')
  await expect(dialog.getByRole('heading', { name: 'Move 2 tickets' })).toBeVisible()
  await dialog.getByRole('combobox', { name: 'Mailbox' }).selectOption('Archief')
  await dialog.getByRole('button', { name: 'Move' }).click()
  await expect(page.getByText('2 tickets moved')).toBeVisible()
  await expect(dialog).toBeHidden()
  await expect(row(page, 2003).getByText('Archief')).toBeVisible()
  await page.keyboard.press('z')
  await expect(row(page, 2003).getByText('Archief')).toHaveCount(0)

  await more('Delete for good…')
  await expect(dialog.getByRole('heading', { name: 'Delete 2 tickets for good?' })).toBeVisible()
  await dialog.getByRole('button', { name: 'Delete for good' }).click()
  await expect(page.getByText('2 tickets will be deleted for good in 10 minutes')).toBeVisible()
  await expect(row(page, 2003)).toHaveCount(0)
  await page.keyboard.press('z')
  await expect(row(page, 2003)).toBeVisible()
})

test('spam goes, comes back by z, and is restored from its view', async ({ page }) => {
  await open(page, 2004)
  await page.keyboard.press('!')
  await expect(row(page, 2004)).toHaveCount(0)
  await expect(page.getByText('Ticket 2004: Spam')).toBeVisible()
  await page.keyboard.press('z')
  await expect(row(page, 2004)).toBeVisible()
})

test('a ticket is deleted for good after a question, and taken back', async ({ page }) => {
  await open(page, 2004)
  await page.getByRole('button', { name: 'More actions', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Delete for good…' }).click()
  await page.getByRole('button', { name: 'Delete for good' }).click()
  await expect(page.getByText(/will be deleted for good in 10 minutes/)).toBeVisible()
  await page.getByRole('button', { name: 'Undo' }).first().click()
  await expect(page.getByText('Undone', { exact: true })).toBeVisible()
})

test('tags are made, found and changed; a name that is taken says so', async ({ page }) => {
  await page.goto('/settings/tags')
  await page.getByRole('button', { name: 'New tag' }).click()
  await page.getByLabel('Name').fill('vip')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('alert')).toHaveText('This name is taken. Choose another one.')
  await expect(page.getByLabel('Name')).toHaveAccessibleDescription(/^This name is taken/)
  await expect(page.getByLabel('Name')).toBeFocused()
  await page.getByLabel('Name').fill('Garantie')
  await page.getByText('Green').click()
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('Tag Garantie saved')).toBeVisible()
  await page.getByRole('searchbox', { name: 'Find a tag' }).fill('gar')
  await expect(page.getByRole('main').getByRole('listitem').filter({ hasText: 'VIP' })).toHaveCount(
    0,
  )
  await expect(page.getByRole('button', { name: 'Change Garantie' })).toBeVisible()
})

test('a menu is made when it is opened, and gives the focus back', async ({ page }) => {
  await open(page, 2004)
  const button = page.getByRole('button', { name: /^Status: / })
  await expect(button).toHaveAttribute('aria-haspopup', 'menu')
  await expect(button).toHaveAttribute('aria-expanded', 'false')
  for (const key of ['ArrowDown', 'Enter', 'Space']) {
    await button.focus()
    await page.keyboard.press(key)
    await expect(page.locator('[role=menuitem]:focus')).toHaveCount(1)
    await page.keyboard.press('Escape')
    await expect(page.getByRole('menu')).toHaveCount(0)
    await expect(button).toBeFocused()
  }
  await button.click()
  await page.getByRole('menuitem', { name: 'Pending' }).click()
  await expect(page.getByRole('button', { name: 'Status: Pending' })).toBeVisible()
})

test('a key after quick steps is meant for the ticket whose row is marked', async ({ page }) => {
  await page.goto('/tickets/open')
  const rows = page.getByRole('list', { name: 'Inbox' }).getByRole('link')
  await rows.first().waitFor()
  const number = async (index: number) =>
    /\d+$/.exec((await rows.nth(index).getAttribute('href')) ?? '')?.[0] ?? ''
  const [first, second, third] = [await number(0), await number(1), await number(2)]
  const shown = (of: string) => page.getByRole('main').getByText(`#${of}`, { exact: true })
  // Each of them is known by then.
  for (const of of [first, second, third]) {
    await page.keyboard.press('j')
    await shown(of).waitFor()
  }
  await page.keyboard.press('k')
  await page.keyboard.press('k')
  await shown(first).waitFor()
  // As fast as they come.
  await Promise.all(['j', 'j', 'e'].map((key) => page.keyboard.press(key)))
  await expect(page.getByText(`Ticket ${third} closed`)).toBeVisible()
})

test('keys are for the chosen tickets, also where another one is open', async ({ page }) => {
  await page.goto('/tickets/open')
  await page.getByRole('checkbox', { name: 'Choose ticket 2002' }).check()
  await page.getByRole('checkbox', { name: 'Choose ticket 2003' }).check()
  const bar = page.getByRole('toolbar', { name: 'What to do with the chosen tickets' })
  await expect(bar.getByRole('status')).toHaveText('2 chosen')
  await page.keyboard.press('e')
  await expect(page.getByText('2 tickets changed')).toBeVisible()
  await expect(row(page, 2003)).toHaveCount(0)
  await page.keyboard.press('z')
  await expect(row(page, 2003)).toBeVisible()

  await open(page, 2004)
  await page.getByRole('checkbox', { name: 'Choose ticket 2002' }).check()
  await page.getByRole('checkbox', { name: 'Choose ticket 2003' }).check()
  await expect(bar.getByRole('status')).toHaveText('2 chosen')
  await page.keyboard.press('h')
  await page.getByRole('textbox', { name: 'When' }).fill('tomorrow 9:00')
  await page.keyboard.press('Enter')
  await expect(row(page, 2002)).toHaveCount(0)
  await expect(row(page, 2003)).toHaveCount(0)
  await expect(row(page, 2004)).toBeVisible()
})

/** Holds the bar of acts on many back until it is released. */
async function holdBar(page: Page): Promise<() => void> {
  let release: () => void = () => undefined
  const isAsked = new Promise<void>((resolve) => {
    release = resolve
  })
  await page.route('**/BulkBar*.js', async (route) => {
    await isAsked
    await route.continue()
  })
  return release
}

test('a key that is faster than the bar is for the chosen tickets too', async ({ page }) => {
  const release = await holdBar(page)
  await open(page, 2004)
  await page.getByRole('checkbox', { name: 'Choose ticket 2003' }).check()
  await page.getByRole('checkbox', { name: 'Choose ticket 2003' }).blur()
  await page.keyboard.press('e')
  await page.keyboard.press('Shift+?')
  await page.getByRole('dialog').waitFor()
  await page.keyboard.press('Escape')
  await expect(row(page, 2004)).toBeVisible()
  await expect(row(page, 2003)).toBeVisible()
  release()
  await expect(page.getByText('1 ticket changed')).toBeVisible()
  await expect(row(page, 2003)).toHaveCount(0)
  await expect(row(page, 2004)).toBeVisible()
})

test('what the palette offers before the bar is there is for the chosen tickets too', async ({
  page,
}) => {
  const release = await holdBar(page)
  await open(page, 2004)
  await page.getByRole('checkbox', { name: 'Choose ticket 2003' }).check()
  await page.keyboard.press('Control+k')
  const palette = page.getByRole('dialog', { name: 'Go to and do' })
  await palette.getByRole('option', { name: 'Close, or reopen' }).click()
  await expect(palette).toHaveCount(0)
  await expect(row(page, 2003)).toBeVisible()
  release()
  await expect(page.getByText('1 ticket changed')).toBeVisible()
  await expect(row(page, 2003)).toHaveCount(0)
  await expect(row(page, 2004)).toBeVisible()
})

test('what cannot be undone says so, and leads to the ticket', async ({ page }) => {
  await page.route('**/api/v1/acts/*/undo', (route) =>
    route.fulfill({
      json: { act_id: null, done: [], refused: [{ number: 2003, code: 'changed', message: '' }] },
    }),
  )
  await open(page, 2003)
  await page.keyboard.press('e')
  await expect(page.getByText('Ticket 2003 closed')).toBeVisible()
  await page.keyboard.press('z')
  await expect(page.getByText('This was not undone: the ticket was changed since.')).toBeVisible()
  await page.getByRole('button', { name: 'Ticket 2003' }).click()
  await expect(page).toHaveURL(/\/tickets\/all\/2003$/)
})

test('an undo that was lost on its way can be tried again', async ({ page }) => {
  await open(page, 2003)
  await page.keyboard.press('e')
  await expect(row(page, 2003)).toHaveCount(0)
  await page.route('**/api/v1/acts/*/undo', (route) => route.abort(), { times: 1 })
  await page.keyboard.press('z')
  await expect(page.getByText('This was not undone.')).toBeVisible()
  await page.keyboard.press('z')
  await expect(row(page, 2003)).toBeVisible()
})

test('without a connection an act is taken back at once, and the page says why', async ({
  page,
  context,
}) => {
  await open(page, 2004)
  await context.setOffline(true)
  await expect(page.getByText(/^No connection/)).toBeVisible()
  await page.keyboard.press('e')
  await expect(page.getByText('Ticket 2004 was not changed')).toBeVisible()
  await expect(row(page, 2004)).toBeVisible()
  await context.setOffline(false)
  await expect(page.getByText(/^No connection/)).toHaveCount(0)
})

test('the focus goes on with the ticket, and not to the beginning of the page', async ({
  page,
}) => {
  await open(page, 2004)
  const close = page.getByRole('button', { name: 'Close', exact: true }).filter({ visible: true })
  await close.focus()
  await page.keyboard.press('Enter')
  await expect(row(page, 2004)).toHaveCount(0)
  await expect(page.locator('a[aria-current=true]')).toBeFocused()
  // And by its key, with the focus on the row.
  const before = page.url()
  await page.keyboard.press('e')
  await expect(page).not.toHaveURL(before)
  await expect(page.locator('a[aria-current=true]')).toBeFocused()
})

const conversation = (page: Page) => page.getByRole('region', { name: 'Conversation' })

test('a merged ticket leads to the other one, and nothing is written in it', async ({ page }) => {
  await open(page, 2004)
  await page.keyboard.press('Shift+M')
  await page.getByLabel('Number of the ticket that stays').fill('2003')
  await page.getByRole('button', { name: 'Merge', exact: true }).click()
  await page.getByRole('button', { name: 'Merge anyway' }).click()
  await expect(page.getByText('Merged into ticket 2003')).toBeVisible()
  await page.goto('/tickets/all/2004')
  const banner = page.getByRole('link', { name: /^Merged into #/ }).filter({ visible: true })
  await expect(banner).toBeVisible()
  const reply = page.getByRole('button', { name: /^Reply to/ }).filter({ visible: true })
  await expect(reply).toHaveCount(0)
  await expect(page.getByRole('button', { name: 'Reopen' }).filter({ visible: true })).toHaveCount(
    0,
  )
  await page.keyboard.press('r')
  await expect(page.getByRole('textbox', { name: 'Your answer' })).toHaveCount(0)
  // The line of the merge leads there as well.
  await conversation(page).getByRole('link', { name: '#2003' }).click()
  await expect(page).toHaveURL(/\/2003$/)
  await page.goBack()
  await expect(banner).toBeVisible()
  await conversation(page).getByRole('button', { name: 'Undo' }).click()
  await expect(banner).toHaveCount(0)
  await expect(reply).toBeVisible()
})

test('what was done to several tickets says so where it is undone', async ({ page }) => {
  await page.goto('/tickets/open')
  await page.getByRole('checkbox', { name: 'Choose ticket 2004' }).check()
  await page.getByRole('checkbox', { name: 'Choose ticket 2002' }).click({ modifiers: ['Shift'] })
  await page
    .getByRole('toolbar', { name: 'What to do with the chosen tickets' })
    .getByRole('button', { name: 'Close', exact: true })
    .click()
  await expect(page.getByText('3 tickets changed')).toBeVisible()
  await page.goto('/tickets/all/2003')
  await expect(
    conversation(page).getByText(/closed the ticket · 2 other tickets too/),
  ).toBeVisible()
  await conversation(page).getByRole('button', { name: 'Undo all 3' }).click()
  await expect(page.getByText('3 tickets are as they were')).toBeVisible()
})

test('a colleague is made a follower in the details, and removed', async ({ page }) => {
  await open(page, 2004)
  await page.keyboard.press(']')
  const details = page.getByRole('complementary', { name: 'Details' })
  await expect(details.getByText('Nobody follows this')).toBeVisible()
  await details.getByRole('button', { name: 'Add a follower' }).click()
  await page.getByRole('menuitem', { name: 'Joris Bakker' }).click()
  const remove = details.getByRole('button', { name: 'Remove Joris Bakker as a follower' })
  await expect(remove).toBeVisible()
  await expect(conversation(page).getByText(/added Joris Bakker as a follower/)).toBeVisible()
  await remove.click()
  await expect(details.getByText('Nobody follows this')).toBeVisible()
})

test('a colleague is found by the beginning of a name, and given the ticket', async ({ page }) => {
  await open(page, 2003)
  await page.keyboard.press('i')
  const field = page.getByRole('combobox', { name: 'Find a colleague or team' })
  await expect(field).toBeFocused()
  await page.keyboard.type('bak')
  await expect(page.getByRole('option')).toHaveText(['Joris Bakker'])
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: 'Change assignee: Joris Bakker' })).toBeFocused()
  await page.keyboard.press('i')
  await expect(field).toBeFocused()
  await page.keyboard.type('klant')
  await page.keyboard.press('Enter')
  await expect(conversation(page).getByText(/gave this to team Klantenservice/)).toBeVisible()
})

test('following is taken back by the toast and by its key, of oneself and of a colleague', async ({
  page,
}) => {
  await open(page, 2004)
  await page.keyboard.press(']')
  const details = page.getByRole('complementary', { name: 'Details' }).filter({ visible: true })
  const more = page.getByRole('button', { name: 'More actions' })
  await more.click()
  await page.getByRole('menuitem', { name: 'Follow', exact: true }).click()
  await expect(details.getByText('Sanne de Vries')).toBeVisible()
  await page.getByText('You follow ticket 2004').waitFor()
  await page.getByRole('button', { name: 'Undo' }).first().click()
  await expect(details.getByText('Nobody follows this')).toBeVisible()

  await details.getByRole('button', { name: 'Add a follower' }).click()
  await page.getByRole('menuitem', { name: 'Joris Bakker' }).click()
  await expect(page.getByText('Joris Bakker follows ticket 2004')).toBeVisible()
  await expect(page.getByRole('menu')).toHaveCount(0)
  await page.keyboard.press('z')
  await expect(details.getByText('Nobody follows this')).toBeVisible()
})

test('a change of customer is taken back, unless somebody has changed it since', async ({
  page,
}) => {
  await open(page, 2004)
  await page.keyboard.press(']')
  const details = page.getByRole('complementary', { name: 'Details' }).filter({ visible: true })
  const before = await page.request.get('/api/v1/tickets/2004')
  const { customer } = (await before.json()) as { customer: { address: string } }
  const change = async (address: string) => {
    await details.getByRole('button', { name: 'Change customer' }).click()
    const field = page.getByRole('dialog').getByLabel('E-mail address')
    await field.fill(address)
    await page.getByRole('dialog').getByRole('button', { name: 'Change customer' }).click()
    await expect(details.getByText(address)).toBeVisible()
    await expect(page.getByRole('dialog')).toHaveCount(0)
  }
  await change('other@example.com')
  await page.keyboard.press('z')
  await expect(details.getByText(customer.address)).toBeVisible()
  await change('third@example.com')
  await page.request.put('/api/v1/tickets/2004/customer', { data: { address: 'own@example.com' } })
  await page.getByRole('button', { name: 'Undo' }).first().click()
  await expect(page.getByText('the ticket was changed since')).toBeVisible()
  await expect(details.getByText('own@example.com')).toBeVisible()
})
