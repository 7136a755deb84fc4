import { expect, test } from '@playwright/test'
import { enter } from '../views'

test.beforeEach(async ({ context }, { testId }) => {
  await enter(context, `profile-${testId}`)
})

/** One red point. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==',
  'base64',
)

test('a photo stands wherever one appears, and goes again', async ({ page }) => {
  await page.goto('/settings/profile')
  const photos = page.locator('img[src*="/photo"]')
  await expect(page.getByRole('button', { name: 'Choose a photo' })).toBeVisible()
  await page
    .getByLabel('Photo')
    .setInputFiles({ name: 'notes.png', mimeType: 'image/png', buffer: Buffer.from('no picture') })
  await expect(page.getByRole('alert')).toContainText('PNG, JPEG or WebP')
  await page
    .getByLabel('Photo')
    .setInputFiles({ name: 'me.png', mimeType: 'image/png', buffer: PNG })
  // In the form, and in the menu.
  await expect(photos).toHaveCount(2)
  await page.getByRole('button', { name: 'Remove', exact: true }).click()
  await expect(photos).toHaveCount(0)
})

test('all times follow one’s own time zone', async ({ page }) => {
  await page.goto('/settings/profile')
  const zone = page.getByLabel('Time zone')
  await expect(zone.locator('option:checked')).toHaveText('As the browser: Europe/Amsterdam')
  const time = async () => {
    await page.goto('/tickets/open/2004')
    return (await page.getByRole('article').first().locator('time').getAttribute('title')) ?? ''
  }
  const here = await time()
  await page.goto('/settings/profile')
  await zone.selectOption('Pacific/Kiritimati')
  await expect(page.getByText('Saved', { exact: true })).toBeVisible()
  const there = await time()
  expect(there).not.toBe(here)
  // Twelve or thirteen hours on.
  const hour = (text: string) => Number(/(\d\d):\d\d/.exec(text)?.[1])
  expect([12, 13]).toContain((hour(there) - hour(here) + 24) % 24)
})

test('one sees where one is signed in, and ends it', async ({ page }) => {
  await page.goto('/settings/profile')
  const list = page.getByRole('list', { name: 'Signed in' })
  await expect(list.getByRole('listitem')).toHaveCount(3)
  await expect(list.getByRole('listitem').first()).toContainText('This browser')
  await list.getByRole('button', { name: 'Sign out: Safari, iPhone' }).click()
  await expect(list.getByRole('listitem')).toHaveCount(2)
  await page.getByRole('button', { name: 'Sign out everywhere else' }).click()
  await expect(list.getByRole('listitem')).toHaveCount(1)
  await expect(page.getByRole('button', { name: 'Sign out everywhere else' })).toBeHidden()
})

test('who is signed in at many places finds one of them', async ({ page, context }, { testId }) => {
  await enter(context, `profile-${testId}`, 'heavy')
  await page.goto('/settings/profile')
  const sessions = page.getByRole('region', { name: 'Signed in' })
  const lines = sessions.getByRole('list').getByRole('listitem')
  await expect(lines).toHaveCount(50)
  await sessions.getByRole('button', { name: 'Show more' }).click()
  await expect(lines).toHaveCount(63)
  await sessions.getByRole('searchbox', { name: 'Search this list' }).fill('ipad')
  await expect(lines).toHaveCount(1)
  await sessions.getByRole('button', { name: /iPad/ }).click()
  await expect(sessions.getByText('Nothing here has these words.')).toBeVisible()
  await sessions.getByRole('searchbox', { name: 'Search this list' }).fill('')
  await expect(lines).toHaveCount(50)
})

test('the bell is silent of what is switched off', async ({ page }) => {
  await page.goto('/settings/profile')
  const here = page.getByRole('checkbox', { name: 'Somebody mentions me in a note: Here' })
  const browser = page.getByRole('checkbox', { name: 'Somebody mentions me in a note: Browser' })
  await expect(here).toBeChecked()
  const kept = page.waitForResponse((answer) => answer.request().method() === 'PUT')
  await here.uncheck()
  await expect(browser).toBeDisabled()
  await kept
  await page.reload()
  await expect(here).not.toBeChecked()
})

test('a mailbox acknowledges what comes in, with a look at how it arrives', async ({ page }) => {
  await page.goto('/settings/mailboxes/0192b000-0000-7000-8000-000000000001')
  const section = page.getByRole('region', { name: 'Automatic acknowledgement' })
  await section.getByLabel('Answer new tickets from this mailbox at once').check()
  const text = section.getByLabel('Text')
  await expect(text).toHaveValue(/^Hallo,/)
  await text.fill('')
  await section.getByRole('button', { name: 'Save' }).click()
  await expect(section.getByText('Write what it says.')).toBeVisible()
  await text.fill('Dank u wel. Nummer: ')
  await section.getByRole('button', { name: 'ticket.number' }).click()
  const preview = section.getByRole('figure')
  await expect(preview).toContainText('We hebben uw bericht ontvangen (nummer 1234)')
  await expect(preview).toContainText('Dank u wel. Nummer: 1234')
  await expect(preview).toContainText('Goed gereedschap voor de keuken')
  await section.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('Saved', { exact: true })).toBeVisible()
  await page.reload()
  await expect(section.getByLabel('Answer new tickets from this mailbox at once')).toBeChecked()
})

test('an automatic answer is told apart, and a row shows its team', async ({ page }) => {
  await page.goto('/tickets/open')
  await expect(page.getByRole('listitem').filter({ hasText: 'Team' }).first()).toBeAttached()
  await page.goto('/tickets/open/2004')
  const automatic = page.getByRole('article', { name: /^Automatic answer by/ })
  await expect(automatic).toContainText('Bedankt voor uw bericht')
  await expect(automatic.getByText('Answer', { exact: true })).toHaveCount(0)
})

test('a saved reply is for a team of one’s own', async ({ page }) => {
  await page.goto('/settings/saved-replies')
  await expect(page.getByRole('listitem').filter({ hasText: 'Reparatie' })).toContainText('Team ')
  await page.getByRole('button', { name: 'New saved reply' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('Garantie')
  await dialog.getByLabel('For', { exact: true }).selectOption({ label: 'Team Klantenservice' })
  await dialog.getByRole('textbox', { name: 'Text' }).fill('Twee jaar.')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('listitem').filter({ hasText: 'Garantie' })).toContainText('Team ')
})
