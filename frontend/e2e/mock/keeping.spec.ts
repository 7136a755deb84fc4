import { expect, test, type Page } from '@playwright/test'
import { enter } from '../views'

const GOOGLE = '0192b000-0000-7000-8000-000000000001'
const IMPORTED = '0192b000-0000-7000-8000-000000000003'

const section = (page: Page) => page.getByRole('region', { name: 'How long mail is kept' })

test('a shorter rule waits until somebody has seen what it removes', async ({ page, context }, {
  testId,
}) => {
  await enter(context, testId)
  await page.goto(`/settings/mailboxes/${GOOGLE}`)
  const rule = section(page)
  await expect(rule.getByText(/^212 tickets, the oldest of \d+ \w+ \d{4}$/)).toBeVisible()
  await expect(rule.getByText('14 deleted · 31 spam · 4 trash · 2 kept by a hold')).toBeVisible()
  await expect(rule.getByRole('button', { name: 'Save' })).toBeDisabled()

  await rule.getByLabel('Months after the last message').fill('0')
  await page.keyboard.press('Enter')
  await expect(rule.getByRole('alert')).toHaveText('Fill in a whole number from 1 to 120.')
  await rule.getByLabel('Months after the last message').fill('12')
  await expect(rule.getByText(/nothing goes until you confirm that/)).toBeVisible()
  await rule.getByRole('button', { name: 'Save' }).click()
  await expect(rule.getByText('Nothing is removed yet')).toBeVisible()
  await expect(rule.getByText(/Tonight it would remove 848 tickets/)).toBeVisible()

  await rule.getByRole('button', { name: 'Confirm…' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('848 tickets, the oldest of')
  await expect(dialog).toContainText('Tickets are deleted 12 months after their last message.')
  await expect(dialog.getByRole('button', { name: 'Confirm' })).toBeDisabled()
  // By keyboard alone: the focus begins at the tick.
  await page.keyboard.press('Space')
  await page.keyboard.press('Enter')
  await expect(dialog).toHaveCount(0)
  await expect(rule.getByText('Nothing is removed yet')).toHaveCount(0)
  await expect(rule.getByText(/^848 tickets/)).toBeVisible()
})

test('a longer rule holds at once', async ({ page, context }, { testId }) => {
  await enter(context, testId)
  await page.goto(`/settings/mailboxes/${GOOGLE}`)
  const rule = section(page)
  await rule.getByLabel('Months after the last message').fill('24')
  await rule.getByRole('radio', { name: /^Make it anonymous/ }).check()
  await expect(rule.getByText(/removes nothing sooner than before/)).toBeVisible()
  await rule.getByRole('button', { name: 'Save' }).click()
  await expect(rule.getByText('Nothing is due.')).toBeVisible()
  await expect(rule.getByText('Nothing is removed yet')).toHaveCount(0)
})

test('open tickets whose time is over soon lead to themselves', async ({ page, context }, {
  testId,
}) => {
  await enter(context, testId)
  await page.goto(`/settings/mailboxes/${GOOGLE}`)
  const soon = page.getByRole('region', { name: /^Open tickets whose time is over/ })
  await expect(soon.getByRole('listitem').first()).toContainText(/over on \d+ \w+ \d{4}/)
  const link = soon.getByRole('link').first()
  const number = /\d+/.exec((await link.textContent()) ?? '')?.[0] ?? ''
  await link.click()
  await expect(page).toHaveURL(new RegExp(`/tickets/all/${number}$`))
})

test('imported history waits to be looked at', async ({ page, context }, { testId }) => {
  await enter(context, testId)
  await page.goto(`/settings/mailboxes/${IMPORTED}`)
  await expect(section(page).getByText('Nothing is removed yet')).toBeVisible()
  await expect(section(page).getByText('Nothing yet.')).toBeVisible()
})

test('a ticket is kept longer, for a reason', async ({ page, context }, { testId }) => {
  await enter(context, testId)
  await page.goto('/tickets/open/2004')
  await page.getByRole('button', { name: 'Details' }).click()
  const details = page.getByRole('complementary', { name: 'Details' })
  await details.getByRole('button', { name: 'Keep longer…' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('button', { name: 'Keep longer' })).toBeDisabled()
  await dialog.getByLabel('Why').fill('Warranty until 2031')
  await dialog.getByRole('button', { name: 'Keep longer' }).click()
  await expect(details.getByText('Warranty until 2031')).toBeVisible()
  await expect(details.getByText(/^Kept longer since .* by Sanne de Vries$/)).toBeVisible()
  await details.getByRole('button', { name: 'End this…' }).click()
  await page.getByRole('button', { name: 'Let the rule count' }).click()
  await expect(details.getByText('Warranty until 2031')).toHaveCount(0)
  await expect(details.getByRole('button', { name: 'Keep longer…' })).toBeVisible()
})

test('of an anonymous ticket are left kinds and times', async ({ page, context }, { testId }) => {
  await enter(context, testId, 'kept')
  await page.goto('/tickets/all/1995')
  await expect(page.getByRole('heading', { name: 'Anonymous ticket' })).toBeVisible()
  await expect(page.getByText(/^Everything personal was removed on \d+ \w+ \d{4}$/)).toBeVisible()
  const conversation = page.getByRole('region', { name: 'Conversation' })
  await expect(conversation.getByText('Mail from the customer')).toHaveCount(2)
  await expect(conversation.getByText('Answer', { exact: true })).toBeVisible()
  await expect(conversation.getByRole('article')).toHaveCount(0)
  await expect(page.getByRole('button', { name: /Reply|Note/ })).toHaveCount(0)
  // The shortcuts have nothing to open.
  await page.keyboard.press('r')
  await page.keyboard.press('n')
  await expect(page.getByRole('textbox', { name: /Your/ })).toHaveCount(0)
})

test('holds are listed, placed and ended knowingly', async ({ page, context }, { testId }) => {
  await enter(context, testId, 'kept')
  await page.goto('/settings/holds')
  const lasting = page.getByRole('list', { name: 'In force' })
  await expect(lasting.getByRole('listitem')).toHaveCount(2)
  await expect(lasting.getByText(/^Review was due on/)).toHaveCount(1)
  await expect(page.getByRole('list', { name: 'Ended' }).getByRole('listitem')).toHaveCount(1)

  await page.getByRole('button', { name: 'Place a hold' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Place the hold' }).click()
  await expect(dialog.getByText('Fill in a ticket’s number, such as 2004.')).toBeVisible()
  await expect(dialog.getByText('Say why it is kept.')).toBeVisible()
  await dialog.getByLabel('Number of the ticket').fill('999999')
  await dialog.getByLabel('Reason').fill('Court of Utrecht, 14 March')
  await dialog.getByRole('button', { name: 'Place the hold' }).click()
  await expect(dialog.getByText('There is no such ticket, or you may not see it.')).toBeVisible()

  await dialog.getByRole('radio', { name: /^A customer/ }).check()
  await dialog.getByLabel('Number of one of the customer’s tickets').fill('#2004')
  await expect(dialog.getByText(/^Customer: Marieke van Dijk/)).toBeVisible()
  await dialog.getByRole('checkbox', { name: /Tom Peeters/ }).check()
  await dialog.getByRole('button', { name: 'Place the hold' }).click()
  await expect(dialog).toHaveCount(0)
  const made = lasting.getByRole('listitem').filter({ hasText: 'Court of Utrecht' })
  await expect(made).toContainText('May read it: Sanne de Vries, Tom Peeters')

  await made.getByRole('button', { name: 'End the hold on A customer…' }).click()
  await expect(dialog).toContainText('the customer’s tickets whose time is over')
  await expect(dialog.getByRole('button', { name: 'End the hold' })).toBeDisabled()
  await dialog.getByRole('checkbox').check()
  await dialog.getByRole('button', { name: 'End the hold' }).click()
  await expect(made).toHaveCount(0)
  await expect(page.getByRole('list', { name: 'Ended' })).toContainText('Court of Utrecht')
})

test('a mailbox is held by choice', async ({ page, context }, { testId }) => {
  await enter(context, testId)
  await page.goto('/settings/holds')
  await expect(page.getByText('Nothing is held')).toBeVisible()
  await page.getByRole('button', { name: 'Place a hold' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('radio', { name: /^A mailbox/ }).check()
  await dialog.getByLabel('Reason').fill('Tax inspection')
  await dialog.getByRole('button', { name: 'Place the hold' }).click()
  await expect(dialog.getByText('Choose a mailbox.')).toBeVisible()
  await dialog.getByLabel('Mailbox', { exact: true }).selectOption('info@veldkeuken.example')
  await dialog.getByRole('button', { name: 'Place the hold' }).click()
  await expect(page.getByRole('list', { name: 'In force' })).toContainText(
    'info@veldkeuken.example',
  )
})

test('a hold is placed from the ticket that it keeps', async ({ page, context }, { testId }) => {
  await enter(context, testId)
  await page.goto('/tickets/open/2004')
  await page.getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: 'Place a legal hold…' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('radio')).toHaveCount(2)
  await dialog.getByLabel('Reason').fill('Letter of their lawyer')
  await dialog.getByRole('button', { name: 'Place the hold' }).click()
  await expect(page.getByText('The hold is in force')).toBeVisible()
})

test('an auditor reads holds, and an agent does not', async ({ page, context }, { testId }) => {
  await enter(context, testId, 'auditor')
  await page.goto('/settings/holds')
  await expect(page.getByRole('list', { name: 'In force' }).getByRole('listitem')).toHaveCount(2)
  await expect(page.getByRole('main').getByRole('button')).toHaveCount(0)

  await enter(context, `${testId}-agent`, 'agent')
  await page.goto('/settings/holds')
  await expect(page).toHaveURL(/\/settings\/profile$/)
  await page.goto('/tickets/open/2004')
  await page.getByRole('button', { name: 'More actions' }).click()
  await expect(page.getByRole('menuitem', { name: 'Keep longer…' })).toBeVisible()
  await expect(page.getByRole('menuitem', { name: 'Place a legal hold…' })).toHaveCount(0)
})

test('what was removed for a person is told where it stood', async ({ page, context }, {
  testId,
}) => {
  await enter(context, testId, 'kept')
  await page.goto('/tickets/all/1994')
  const conversation = page.getByRole('region', { name: 'Conversation' })
  await expect(conversation.getByText('A message was here.')).toBeVisible()
  await expect(conversation.getByText('An answer was here.')).toBeVisible()
  const line = conversation.getByText(/^Removed at the request of a person on \d+ \w+ \d{4}\.$/)
  await expect(line).toHaveCount(2)
  await expect(conversation.getByText('Both shops are on the list now.')).toBeVisible()
  await expect(conversation.getByText(/^What this message quotes is hidden/)).toBeVisible()
})
