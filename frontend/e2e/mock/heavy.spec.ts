// A page that stays usable, whatever somebody mails.
import { expect, test, type Page } from '@playwright/test'
import { enter } from '../views'

test.beforeEach(async ({ context }, { testId }) => {
  await enter(context, `heavy-${testId}`, 'heavy')
})

// The next ticket stands ready behind the one that is read.
const article = (page: Page, n: number) =>
  page.locator(`article[aria-posinset="${String(n)}"]:visible`)
const feed = (page: Page) => page.getByRole('feed')

test('a thread of 2,000 messages opens at the newest, and holds few of them', async ({ page }) => {
  await page.goto('/tickets/all/3001')
  await expect(article(page, 2000)).toBeInViewport()
  await expect(article(page, 2000)).toHaveAttribute('aria-setsize', '2000')
  await page.getByRole('button', { name: 'Show 1996 earlier messages' }).click()
  // What was read stays; what is older comes above it.
  await expect(article(page, 1997)).toBeInViewport()
  const mounted = () => feed(page).getByRole('article').count()
  expect(await mounted()).toBeLessThan(40)

  const scroller = page.getByRole('region', { name: 'Conversation' })
  await scroller.evaluate((element) => element.scrollTo(0, 0))
  await expect(article(page, 1)).toBeInViewport()
  await expect(article(page, 2)).toContainText('Message 2 of this thread.')
  expect(await mounted()).toBeLessThan(40)
  await scroller.evaluate((element) => element.scrollTo(0, element.scrollHeight / 2))
  await expect(article(page, 1)).toHaveCount(0)
  await scroller.evaluate((element) => element.scrollTo(0, element.scrollHeight))
  await expect(article(page, 2000)).toBeInViewport()

  // From one to the next by keys, also to those that are not in the page yet.
  await article(page, 2000).focus()
  for (let n = 1999; n > 1980; n -= 1) {
    await page.keyboard.press('PageUp')
    await expect(article(page, n)).toBeFocused()
  }
})

test('a text of 5 MB is read a part at a time', async ({ page }) => {
  await page.goto('/tickets/all/3005')
  await expect(article(page, 1)).toContainText('Something that somebody pasted')
  const length = () => article(page, 1).evaluate((element) => element.textContent.length)
  expect(await length()).toBeLessThan(70_000)
  const rest = page.getByRole('button', { name: /Show more of this long text/ })
  for (let n = 0; n < 9; n += 1) await rest.click()
  await expect(rest).toHaveCount(0)
  expect(await length()).toBeGreaterThan(5_000_000)
  await page.keyboard.press('u')
  await expect(page).toHaveURL(/\/tickets\/all$/)
})

test('a mail of 4 MB is shown whole, and the page goes on', async ({ page }) => {
  await page.goto('/tickets/all/3002')
  const frame = article(page, 1).locator('iframe')
  await expect.poll(async () => (await frame.boundingBox())?.height ?? 0).toBeGreaterThan(100_000)
  await page.keyboard.press('u')
  await expect(page).toHaveURL(/\/tickets\/all$/)
})

test('a hundred files are folded, and each can be reached', async ({ page }) => {
  await page.goto('/tickets/all/3003')
  const files = page.getByRole('list', { name: '100 attachments' })
  await expect(files.getByRole('link')).toHaveCount(12)
  await files.getByRole('button', { name: 'Show all 100 files' }).click()
  await expect(files.getByRole('link')).toHaveCount(100)
  await expect(files.getByRole('link', { name: /file-013/ })).toBeFocused()
  await files.getByRole('link', { name: /file-100/ }).scrollIntoViewIfNeeded()
  await expect(files.getByRole('link', { name: /file-100/ })).toBeInViewport()
})

test('of 10,000 tags each is found: on a ticket, in the filter and in settings', async ({
  page,
}) => {
  await page.goto('/tickets/all/3003')
  await page.getByRole('main').getByText('#3003').waitFor()
  await page.keyboard.press('t')
  const picker = page.getByRole('dialog')
  await expect(picker.getByRole('option')).toHaveCount(50)
  await expect(picker.getByText('There are more')).toBeVisible()
  await page.keyboard.type('topic 09876')
  await expect(picker.getByRole('option')).toHaveText(['topic 09876'])
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('button', { name: 'Take off topic 09876' })).toBeVisible()

  await page.getByRole('button', { name: /^Filter and sort/ }).click()
  await page.getByRole('button', { name: 'Tag: Any tag' }).click()
  await page.getByRole('combobox', { name: 'Find a tag' }).fill('09876')
  await page.getByRole('option', { name: 'topic 09876' }).click()
  await expect(page.getByRole('button', { name: 'Tag: topic 09876' })).toBeVisible()
  await page.keyboard.press('Escape')
  const chips = page.getByRole('list', { name: 'Filters' })
  await expect(chips.getByRole('button')).toHaveText(['topic 09876', 'Save as a view'])
  await expect(page.getByRole('list', { name: 'All' }).getByRole('link')).toHaveCount(1)

  await page.goto('/settings/tags')
  const tags = page.getByRole('list', { name: 'Tags' })
  await expect(tags.getByRole('listitem')).toHaveCount(50)
  await page.getByRole('searchbox', { name: 'Find a tag' }).fill('topic 0999')
  await expect(tags.getByRole('listitem')).toHaveCount(10)
})

test('names in other scripts leave the words beside them where they are', async ({ page }) => {
  await page.goto('/tickets/all/3004')
  const row = page.getByRole('list', { name: 'All' }).getByRole('link', { name: /طلب رقم/ })
  // Of a sentence from left to right: the name, then the subject, then what is known of it.
  await expect(row).toContainText('رامي (شركة الشرق) 🌍')
  const heading = page.getByRole('heading', { level: 1, name: /طلب رقم 123/ })
  await expect(heading).toBeVisible()
  const recipients = page.getByRole('button', { name: /^to .*Veldkeuken/ })
  await expect(recipients).toBeVisible()
  // The override in a name does not turn the address after it around.
  await recipients.click()
  const line = page.getByText(/dana@example\.nl/)
  const order = await line.evaluate((element) => {
    const at = (part: string) => {
      const node = [...element.childNodes].find(({ textContent: text }) => text?.includes(part))
      const begin = node?.textContent?.indexOf(part) ?? -1
      const range = document.createRange()
      range.setStart(node as Node, begin)
      range.setEnd(node as Node, begin + part.length)
      return range.getBoundingClientRect().left
    }
    // It may break before its parts.
    return at('Dana') < at('<dana') && at('<dana') < at('@example') && at('@example') < at('.nl')
  })
  expect(order).toBe(true)
})
