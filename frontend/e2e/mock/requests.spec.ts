import { expect, test } from '@playwright/test'
import { enter } from '../views'

const CODE = '1234 5678'

test('a request is written down, carried out and answered', async ({ page, context }, {
  testId,
}) => {
  await enter(context, testId)
  await page.goto('/settings/requests')
  await page.getByRole('button', { name: 'New request' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('E-mail address').fill('marieke@example.nl')
  await dialog.getByRole('button', { name: 'Look up' }).click()
  await expect(dialog.getByText('3 tickets of theirs · named in 1 ticket of others')).toBeVisible()
  await dialog.getByLabel('What they ask', { exact: true }).selectOption('Rectification')
  await dialog.getByLabel('What they asked for').fill('Her name is wrong.')
  await dialog.getByRole('button', { name: 'Write down' }).click()

  await expect(page.getByRole('heading', { name: 'Rectification' })).toBeVisible()
  await expect(
    page.getByText('This can be done once the person has shown who they are.'),
  ).toBeVisible()
  await page.getByRole('button', { name: 'Send code' }).click()
  await page.getByLabel('Code', { exact: true }).fill('0000 0000')
  await page.getByRole('button', { name: 'Confirm' }).click()
  await expect(page.getByText('This is not the code that was sent.')).toBeVisible()
  await page.getByLabel('Code', { exact: true }).fill(CODE)
  await page.keyboard.press('Enter')
  await expect(page.getByText(/^The person has shown who they are/)).toBeVisible()

  await page.getByLabel('Right name').fill('Marieke de Wit')
  await page.getByRole('button', { name: 'Correct', exact: true }).click()
  await expect(page.getByText(/^Done on/)).toBeVisible()
  await page.getByRole('button', { name: 'Close as done' }).click()
  await expect(page.getByRole('dialog').getByLabel('Text')).toHaveValue(
    'We have done what you asked.',
  )
  await page.getByRole('dialog').getByRole('button', { name: 'Close and send' }).click()
  await expect(page.getByText('Done', { exact: true })).toBeVisible()
  await expect(page.getByText('Closed as done')).toBeVisible()
})

test('an address that nothing is known of gets a clear answer', async ({ page, context }, {
  testId,
}) => {
  await enter(context, testId)
  await page.goto('/settings/requests')
  await page.getByRole('button', { name: 'New request' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('E-mail address').fill('nobody@example.nl')
  await dialog.getByRole('button', { name: 'Look up' }).click()
  await expect(dialog.getByText('Nothing is held of this address')).toBeVisible()
  await dialog.getByRole('button', { name: 'Write down' }).click()
  await page.getByRole('button', { name: 'Close as done' }).click()
  await expect(page.getByRole('dialog').getByLabel('Text')).toHaveValue(
    'We hold nothing of this address.',
  )
})

test('more time and a refusal need a reason', async ({ page, context }, { testId }) => {
  await enter(context, testId)
  await page.goto('/settings/requests')
  await page.getByRole('link', { name: /^Objection/ }).click()
  await page.getByRole('button', { name: 'Take more time' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Extend' }).click()
  await expect(dialog.getByText('Say it in 1 to 2,000 characters.')).toBeVisible()
  await dialog.getByLabel('Reason').fill('Much old mail.')
  await dialog.getByRole('button', { name: 'Extend' }).click()
  await expect(page.getByText('Much old mail.')).toBeVisible()
  await page.getByRole('button', { name: 'Refuse' }).click()
  await dialog.getByLabel('Reason').fill('A court wants it.')
  await dialog.getByRole('button', { name: 'Refuse and send' }).click()
  await expect(page.getByText('A court wants it.')).toBeVisible()
})

test('an agent asks for the customer of a ticket', async ({ page, context }, { testId }) => {
  await enter(context, testId)
  await page.goto('/tickets/open/2004')
  await page.getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: 'Data request…' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText('The customer of this ticket')).toBeVisible()
  await dialog.getByRole('button', { name: 'Write down' }).click()
  await expect(page.getByText('Request written down')).toBeVisible()
})

test('the person gives the code on a phone, without signing in', async ({ page, context }, {
  testId,
}) => {
  await page.setViewportSize({ width: 360, height: 740 })
  await enter(context, testId, 'signed-out')
  await page.goto('/requests#token')
  // The mailbox speaks Dutch, and so does the page.
  await expect(page.getByRole('heading', { name: /^Uw verzoek aan/ })).toBeVisible()
  await page.getByLabel('Code uit de mail').fill('1111 1111')
  await page.getByRole('button', { name: 'Bevestigen' }).click()
  await expect(page.getByText(/^Deze link of deze code klopt niet/)).toBeVisible()
  await page.getByRole('button', { name: 'Stuur mij een nieuwe code' }).click()
  await expect(page.getByText('Er is een nieuwe code onderweg naar uw adres.')).toBeVisible()
  await page.getByLabel('Code uit de mail').fill(CODE)
  await page.getByRole('button', { name: 'Bevestigen' }).click()
  await expect(page.getByText(/^Dank u/)).toBeVisible()
})

test('a link that is spent says so', async ({ page, context }, { testId }) => {
  await enter(context, testId, 'signed-out')
  await page.goto('/requests#spent')
  await expect(page.getByText(/^This link or this code is not right/)).toBeVisible()
})

test('what belongs to others is kept back before the file is made', async ({ page, context }, {
  testId,
}) => {
  await enter(context, testId)
  await page.goto('/settings/requests/0192d100-0000-7000-8000-000000000006')
  await page.getByRole('button', { name: 'Look through' }).click()
  await expect(page.getByText('Also names els@example.nl')).toBeVisible()
  await page.getByRole('button', { name: 'Keep back: foto-van-els.jpg' }).click()
  await page.getByLabel('Why it is kept back').fill('It shows Els.')
  await page.keyboard.press('Enter')
  await expect(page.getByText('Kept back: It shows Els.')).toBeVisible()
  await page.getByRole('button', { name: 'Make the file and send the link' }).click()
  await expect(page.getByText(/^The person has the link/)).toBeVisible()
})

test('erasing shows first what it does', async ({ page, context }, { testId }) => {
  await enter(context, testId)
  await page.goto('/settings/requests/0192d100-0000-7000-8000-000000000007')
  await expect(page.getByText('2 tickets are deleted')).toBeVisible()
  await expect(page.getByText('1 ticket is kept by a legal hold until that ends')).toBeVisible()
  const erase = page.getByRole('button', { name: 'Erase this person' })
  await expect(erase).toBeDisabled()
  await page.getByRole('checkbox').check()
  await erase.click()
  // It takes a while: the page looks again by itself.
  await expect(page.getByText('Everything is erased.')).toBeVisible({ timeout: 15_000 })
  await expect(page.getByRole('listitem').filter({ hasText: /^Erased/ })).toBeVisible()
  await expect(page.getByText(/^Veldkeuken, folder INBOX, message 4711/)).toBeVisible()
})
