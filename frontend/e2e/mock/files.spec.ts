import { expect, test } from '@playwright/test'
import { enter } from '../views'

test.beforeEach(async ({ context }, { testId }) => {
  await enter(context, `files-${testId}`)
})

test('files are looked at, and nothing in them runs or leaves', async ({ page, baseURL }) => {
  const foreign: string[] = []
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url())
    if (protocol.startsWith('http') && origin !== new URL(baseURL ?? '').origin)
      foreign.push(request.url())
  })
  page.on('dialog', (dialog) => {
    foreign.push(dialog.message())
    void dialog.dismiss()
  })
  await page.goto('/tickets/open/2004')
  const files = page.getByRole('list', { name: '3 attachments' })

  await files.getByRole('button', { name: 'Preview bestelbevestiging.pdf' }).click()
  const dialog = page.getByRole('dialog', { name: 'bestelbevestiging.pdf' })
  const sheets = dialog.getByRole('img')
  await expect(sheets).toHaveCount(10)
  await expect(sheets.nth(9)).toHaveAttribute('data-drawn', '')
  await expect(sheets.first()).toHaveAccessibleName('Page 1 of 12')
  // What the page says is really there: it is red at the lower left, and white at the upper right.
  const colours = await sheets.first().evaluate((canvas: HTMLCanvasElement) => {
    const context = canvas.getContext('2d')
    const at = (x: number, y: number) => [
      ...(context?.getImageData(canvas.width * x, canvas.height * y, 1, 1).data.slice(0, 3) ?? []),
    ]
    return [at(0.15, 0.8), at(0.95, 0.1)]
  })
  expect(colours).toEqual([
    [255, 0, 0],
    [255, 255, 255],
  ])
  await expect(dialog.getByRole('group').getByRole('link')).toHaveCount(0)
  await dialog.getByRole('button', { name: 'Show more pages (2 left)' }).click()
  await expect(sheets).toHaveCount(12)
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)

  await files.getByRole('button', { name: 'Preview order.csv' }).click()
  await expect(page.getByRole('dialog', { name: 'order.csv' })).toContainText('<script>fetch(')
  await page.keyboard.press('Escape')

  await files.getByRole('button', { name: 'Preview track-and-trace.png' }).click()
  await expect(page.getByRole('dialog').getByRole('img')).toBeVisible()
  await page.keyboard.press('Escape')
  expect(foreign).toEqual([])
})

test('one file after the other is looked at, with the keys too', async ({ page }) => {
  await page.goto('/tickets/open/2004')
  await page.getByRole('button', { name: 'Preview track-and-trace.png' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('status')).toHaveText('track-and-trace.png, 2 of 3')

  // What is pressed keeps the focus, and so does what is read, though something else comes into it.
  const next = dialog.getByRole('button', { name: 'Next file' })
  await next.click()
  await expect(dialog).toHaveAccessibleName('order.csv')
  await expect(dialog.getByText('VK-20481')).toBeVisible()
  await expect(next).toBeFocused()
  const shown = dialog.getByRole('group', { name: 'order.csv' })
  await shown.focus()
  await page.keyboard.press('ArrowRight')
  await expect(dialog.getByRole('status')).toHaveText('bestelbevestiging.pdf, 1 of 3')
  await expect(dialog.getByRole('img').first()).toHaveAccessibleName('Page 1 of 12')
  await expect(dialog.getByRole('group', { name: 'bestelbevestiging.pdf' })).toBeFocused()
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('ArrowLeft')
  await expect(dialog.getByRole('img', { name: 'track-and-trace.png' })).toBeVisible()

  const link = dialog.getByRole('link', { name: 'Download track-and-trace.png' })
  await expect(link).toHaveAttribute('href', /disposition=attachment/)
  await expect(link).toHaveAttribute('download', '')
})

test('all files of a message come in one', async ({ page }) => {
  await page.goto('/tickets/open/2004')
  const link = page.getByRole('link', { name: 'Download all 3 files' })
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()])
  expect(download.suggestedFilename()).toBe('ticket.zip')
})

test('a team is named in a note', async ({ page }) => {
  await page.goto('/tickets/open/2004')
  await page.getByRole('main').getByText('#2004').waitFor()
  await page.keyboard.press('n')
  const note = page.getByRole('textbox', { name: 'Your note' })
  await note.waitFor()
  await page.keyboard.type('Kijken jullie? @klant')
  const offered = page.getByRole('listbox', { name: 'Mention somebody' })
  await expect(offered.getByRole('option')).toHaveText([/team$/])
  await page.keyboard.press('Enter')
  const posted = page.waitForRequest(
    (request) => request.method() === 'POST' && request.url().endsWith('/notes'),
  )
  await page.keyboard.press('Control+Enter')
  const sent = (await posted).postDataJSON() as { mentions: string[]; teams: string[] }
  expect([sent.mentions.length, sent.teams.length]).toEqual([0, 1])

  // Whom a note names is marked in it; oneself and one's own teams more than others.
  const named = page
    .getByRole('article', { name: /^Internal note/ })
    .filter({ visible: true })
    .getByRole('strong')
  await expect(named).toHaveText(['@Sanne de Vries', '@Aylin Yıldız', '@Klantenservice'])
  const plain = 'rgba(0, 0, 0, 0)'
  await expect(named.nth(0)).not.toHaveCSS('background-color', plain)
  await expect(named.nth(1)).toHaveCSS('background-color', plain)
  await expect(named.nth(2)).not.toHaveCSS('background-color', plain)
})

test('tickets of different customers are merged once that has been said', async ({ page }) => {
  await page.goto('/tickets/open')
  const list = page.getByRole('list', { name: 'Inbox', exact: true })
  for (const number of [2004, 2003])
    await list.getByRole('checkbox', { name: `Choose ticket ${String(number)}` }).check()
  await page.getByRole('button', { name: 'More acts' }).click()
  await page.getByRole('menuitem', { name: /^Merge into/ }).click()
  const dialog = page.getByRole('dialog', { name: 'These tickets are of different customers' })
  await expect(dialog.getByRole('listitem')).toHaveCount(1)
  await expect(dialog.getByRole('listitem')).toContainText('Marieke van Dijk')
  await dialog.getByRole('button', { name: /^Merge 1 of another customer/ }).click()
  await expect(dialog).toHaveCount(0)
  await expect(list.getByRole('link', { name: /VK-20481/ })).toHaveCount(0)
})

test('the original of a mail that was to nobody is in its menu', async ({ page, context }, {
  testId,
}) => {
  await enter(context, `files-${testId}`, 'related')
  await page.goto('/tickets/open/1998')
  const mail = page.getByRole('article', { name: /Henk van Dijk/ })
  await expect(mail.getByRole('button', { name: /recipients/ })).toHaveCount(0)
  await mail.getByRole('button', { name: 'More about this message' }).click()
  await expect(page.getByRole('menuitem', { name: 'View original' })).toHaveAttribute(
    'href',
    /\/api\/v1\/messages\/[\w-]+\/original$/,
  )
})
