import { readFileSync } from 'node:fs'
import { expect, test, type Page } from '@playwright/test'
import { enter } from '../views'

const GOOGLE = '0192b000-0000-7000-8000-000000000001'
const MICROSOFT = '0192b000-0000-7000-8000-000000000002'
const STATEMENT = '0192e000-0000-7000-8000-000000000001'

const banner = (page: Page) => page.getByRole('complementary', { name: 'Deletions' })
const card = (page: Page, text: string) =>
  page.getByRole('main').getByRole('listitem').filter({ hasText: text })

test('a mailbox is disconnected knowingly, and comes back', async ({ page, context }, {
  testId,
}) => {
  await enter(context, testId)
  await page.goto(`/settings/mailboxes/${GOOGLE}`)
  await page.getByRole('link', { name: 'Disconnect…' }).click()
  await expect(page.getByText('Customers who appear nowhere else')).toBeVisible()
  await expect(page.getByText('Loket’s access at Google is revoked.')).toBeVisible()
  await expect(
    page
      .getByRole('region', { name: /tickets are open/ })
      .getByRole('link')
      .first(),
  ).toBeVisible()
  const text = page.getByLabel('A last message to these customers')
  await expect(text).toHaveValue(/^Hallo,\n\nWij sluiten onze mailbox info@veldkeuken\.example/)
  await page.getByRole('button', { name: /^Send to \d+ customers$/ }).click()
  await expect(page.getByText(/\d+ customers were answered\./)).toBeVisible()
  await expect(page.getByText(/\d+ answers still wait to leave/)).toBeVisible()

  const submit = page.getByRole('button', { name: 'Disconnect info@veldkeuken.example' })
  await expect(submit).toBeDisabled()
  await page.getByRole('checkbox').check()
  await submit.click()
  await expect(page.getByText('info@veldkeuken.example is disconnected').first()).toBeVisible()
  await expect(page.getByText(/\d+ answers were stopped/)).toBeVisible()
  await expect(banner(page)).toContainText(/Its data is deleted in 1[34] days/)

  await page.goto('/tickets/open/2004')
  await expect(
    page
      .getByText(/^Mailbox disconnected – read only until \d+ \w+ \d{4}$/)
      .filter({ visible: true }),
  ).toBeVisible()
  await expect(page.getByRole('button', { name: /Reply/ })).toHaveCount(0)
  await banner(page).getByRole('button', { name: 'Hide for now' }).click()
  await expect(banner(page)).toHaveCount(0)
  await page.reload()
  await expect(page.getByText(/^Mailbox disconnected/).filter({ visible: true })).toBeVisible()
  await expect(banner(page)).toHaveCount(0)

  await page.goto('/settings/deletions')
  const progress = card(page, 'info@veldkeuken.example').getByRole('progressbar')
  await expect(progress).toHaveAttribute('aria-valuetext', /^Deleted in 1[34] days/)
  await page.getByRole('button', { name: /^Connect again to undo/ }).click()
  await expect(page.getByText('info@veldkeuken.example is connected')).toBeVisible()
  await page.goto('/tickets/open/2004')
  await expect(page.getByRole('button', { name: /^Reply to Marieke/ })).toBeVisible()
})

test('answers that have left are not waited for', async ({ page, context }, { testId }) => {
  await enter(context, testId)
  await page.goto(`/settings/mailboxes/${MICROSOFT}/disconnect`)
  await expect(page.getByRole('link', { name: /^Personal account/ })).toHaveAttribute(
    'href',
    'https://account.live.com/consent/Manage',
  )
  await page.getByRole('button', { name: /^Send to/ }).click()
  await expect(page.getByText('Every answer has left.')).toBeVisible()
  await page.getByRole('checkbox').check()
  await page.getByRole('button', { name: /^Disconnect / }).click()
  await expect(page.getByText('No answer was on its way.')).toBeVisible()
  await expect(page.getByRole('link', { name: /^Work or school account/ })).toBeVisible()
})

test('a mailbox with a password wants it before it comes back', async ({ page, context }, {
  testId,
}) => {
  await enter(context, testId, 'deletions')
  await page.goto('/settings/deletions')
  await page.getByRole('button', { name: /^Undo/ }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Password of the mailbox').fill('wrong')
  await page.keyboard.press('Enter')
  await expect(dialog.getByRole('alert')).toContainText('does not accept the password')
  await dialog.getByLabel('Password of the mailbox').fill('right')
  await page.keyboard.press('Enter')
  await expect(page.getByText('archief@veldkeuken.example is connected again')).toBeVisible()
  await expect(card(page, 'archief@')).toHaveCount(0)
})

test('what one admin wants deleted now, another agrees to', async ({ page, context }, {
  testId,
}) => {
  await enter(context, testId, 'deletions')
  await page.goto('/settings/deletions')
  await page.getByRole('button', { name: 'Agree…' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('Tom Peeters wants this deleted now.')
  const submit = dialog.getByRole('button', { name: 'Agree, and delete now' })
  await dialog.getByLabel('Your own password').fill('correct horse battery')
  await expect(submit).toBeDisabled()
  await dialog.getByLabel('Type archief@veldkeuken.example').fill('Archief@veldkeuken.example')
  await submit.click()
  await expect(
    page.getByText('The data of archief@veldkeuken.example is being deleted'),
  ).toBeVisible()
  await expect(
    page.getByRole('link', { name: 'Statement A mailbox at IMAP and SMTP' }),
  ).toBeVisible()
})

test('the first of two admins only asks', async ({ page, context }, { testId }) => {
  await enter(context, testId, 'deletions')
  await page.goto('/settings/deletions')
  await page.getByRole('button', { name: /^Delete now/ }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('nothing happens until one of them agrees')
  await dialog.getByLabel(/^Type /).fill('wholesale@veldkeuken.example')
  await dialog.getByLabel('Your own password').fill('correct horse battery')
  await dialog.getByRole('button', { name: 'Delete now' }).click()
  await expect(card(page, 'wholesale@')).toContainText('You asked to have this deleted now.')
})

test('a late deletion cannot be overlooked', async ({ page, context }, { testId }) => {
  await enter(context, testId, 'late')
  await page.goto('/tickets/open')
  await expect(banner(page)).toContainText('takes longer than it may')
  await expect(banner(page).getByRole('button')).toHaveCount(0)
  await banner(page).getByRole('link').click()
  await expect(page.getByText('8,112 of 12,480 messages removed')).toBeVisible()
})

test('an auditor reads, and changes nothing', async ({ page, context }, { testId }) => {
  await enter(context, testId, 'auditor')
  await page.goto('/settings/deletions')
  await expect(card(page, 'archief@')).toContainText('Tom Peeters wants this deleted now.')
  await expect(page.getByRole('main').getByRole('button')).toHaveCount(0)
  await page.getByRole('link', { name: /^Statement/ }).click()
  await expect(page.getByRole('heading', { name: 'Statement of deletion' })).toBeVisible()
})

test('an agent sees nothing of it but that a ticket is read only', async ({ page, context }, {
  testId,
}) => {
  await enter(context, testId, 'agent')
  await page.goto('/settings/deletions')
  await expect(page).toHaveURL(/\/settings\/profile$/)
  await expect(page.getByRole('link', { name: 'Deletions' })).toHaveCount(0)
})

test('the statement is one page of facts, and a file to check', async ({ page, context }, {
  testId,
}) => {
  await enter(context, testId, 'deletions')
  await page.goto(`/settings/deletions/statements/${STATEMENT}`)
  const paper = page.getByRole('article', { name: 'Statement of deletion' })
  await expect(paper).toContainText('Sanne de Vries disconnected the mailbox on')
  await expect(
    paper.getByRole('row', { name: 'Messages, internal notes included 4,711' }),
  ).toBeVisible()
  await expect(paper).toContainText(
    `loket statement verify loket-statement-${STATEMENT}.json --key 9f2c41d0`,
  )
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download JSON' }).click(),
  ])
  expect(download.suggestedFilename()).toBe(`loket-statement-${STATEMENT}.json`)
  const answer = await page.request.get(`/api/v1/statements/${STATEMENT}`)
  expect(readFileSync(await download.path(), 'utf8')).toBe(await answer.text())

  await page.emulateMedia({ media: 'print' })
  await expect(paper).toBeVisible()
  await expect(page.getByRole('navigation')).toHaveCount(0)
  await expect(page.getByRole('link')).toHaveCount(0)
  await expect(banner(page)).toHaveCount(0)
})

test('the data of a mailbox without a sign-in is kept', async ({ page, context }, { testId }) => {
  await enter(context, testId)
  await page.goto(`/settings/mailboxes/${MICROSOFT}`)
  await expect(page.getByText('Disconnected in 8 days unless somebody signs in.')).toBeVisible()
  await page.getByRole('button', { name: 'Keep the data' }).click()
  await expect(page.getByText(/^Its data is kept, as an administrator chose on/)).toBeVisible()
  await expect(page.getByText(/unless somebody signs in/)).toHaveCount(0)
})
