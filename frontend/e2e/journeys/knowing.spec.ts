// What is known of a customer: part 8 of the agent's day.
import { expect, test, type Page } from '@playwright/test'
import { conversation, inbox } from './support/agent'
import { atEachWidth, open } from './support/desk'
import { enter, openOffice, writes, type Office } from './support/office'
import { account } from './support/rig'

let office: Office
test.beforeAll(async () => {
  office = await openOffice()
})
test.afterAll(() => office.close())

const title = (page: Page, name: string) => page.getByRole('heading', { level: 1, name })
/** From their ticket to the customer's page. */
async function toContact(page: Page, number: string): Promise<void> {
  await open(page, office.loket, number, 'all')
  const link = page.getByRole('link', { name: 'Open the contact' })
  // Where there is room, details that were opened before are there.
  if (!(await link.isVisible()))
    await conversation(page).getByRole('button', { name: 'Details' }).click()
  await link.click()
  await expect(page).toHaveURL(/contacts\/[0-9a-f-]{36}/)
}

atEachWidth((width) => {
  test.beforeEach(async ({ page }) => {
    await enter(page, office, office.owner)
    await expect(inbox(page).or(page.getByText('All done'))).toBeVisible()
  })

  test('what is known of a customer is written down, and stays', async ({ page }) => {
    const from = await account('plain')
    const subject = `Een bakfiets ${String(width)}`
    const number = await writes(office, { from, name: 'T. Klaverblad', subject })
    await toContact(page, number)
    await page.getByRole('button', { name: 'Edit' }).click()
    const form = page.getByRole('dialog', { name: 'Edit the contact' })
    const field = (label: string) => form.getByRole('textbox', { name: label })
    await field('Name').fill(`Truus Klaverblad ${String(width)}`)
    await form.getByRole('button', { name: 'Add a phone number' }).click()
    await field('Phone').fill('+31 6 12345678')
    await form.getByRole('button', { name: 'Add a company' }).click()
    await field('Company').fill('Zeekanarie BV')
    await form.getByRole('button', { name: 'Add a field' }).click()
    await field('What it is').fill('Klantnummer')
    await field('Value').fill('4711')
    await form.getByRole('button', { name: 'Add a note' }).click()
    await field('Note').fill('Belt liever dan dat ze mailt.')
    await form.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByText('Contact saved')).toBeVisible()
    await expect(form).toHaveCount(0)

    await page.reload()
    await expect(title(page, `Truus Klaverblad ${String(width)}`)).toBeVisible()
    const known = page.getByRole('term')
    await expect(known).toHaveText(['Company', 'Phone', 'Klantnummer', 'Note'])
    await expect(page.getByRole('definition')).toHaveText([
      'Zeekanarie BV',
      '+31 6 12345678',
      '4711',
      'Belt liever dan dat ze mailt.',
    ])
    // Changed, and one of them gone.
    await page.getByRole('button', { name: 'Edit' }).click()
    await field('Phone').fill('+31 6 87654321')
    await form.getByRole('button', { name: 'Remove Note' }).click()
    await form.getByRole('button', { name: 'Save' }).click()
    await expect(form).toHaveCount(0)
    await page.reload()
    await expect(known).toHaveText(['Company', 'Phone', 'Klantnummer'])
    await expect(page.getByText('+31 6 87654321')).toBeVisible()

    // The history leads back to the ticket, which has the name too.
    await page.getByRole('link', { name: new RegExp(subject) }).click()
    await expect(page).toHaveURL(new RegExp(`/${number}$`))
    await page.goto(`${office.loket.url}/contacts`)
    const row = page.getByRole('list', { name: 'Contacts' }).getByRole('link')
    await expect(row.filter({ hasText: from.address })).toContainText('Truus Klaverblad')
  })

  test('two contacts become one, to whom the mail of both belongs', async ({ page }) => {
    const [first, second] = [await account('plain'), await account('plain')]
    const one = `Van mijn werk ${String(width)}`
    const two = `Van huis ${String(width)}`
    const number = await writes(office, { from: first, name: 'Kees Grijs', subject: one })
    await writes(office, { from: second, name: 'Kees Thuis', subject: two })
    await toContact(page, number)
    await page.getByRole('button', { name: 'Merge' }).click()
    const form = page.getByRole('dialog', { name: 'Merge with another contact' })
    const address = form.getByLabel('E-mail address of the contact that stays')
    await address.fill(first.address)
    await expect(address).toHaveAccessibleDescription('This is the same contact.')
    await expect(form.getByRole('button', { name: 'Merge' })).toBeDisabled()
    await address.fill(second.address)
    await expect(form.getByText('Goes up in Kees Thuis')).toBeVisible()
    await form.getByRole('button', { name: 'Merge' }).click()
    await expect(title(page, 'Kees Thuis')).toBeVisible()
    for (const whose of [first, second])
      await expect(page.getByRole('listitem').filter({ hasText: whose.address })).toBeVisible()
    for (const subject of [one, two])
      await expect(page.getByRole('link', { name: new RegExp(subject) })).toBeVisible()

    // What comes from the other address from now on is theirs too.
    const three = `Nog eens van mijn werk ${String(width)}`
    await writes(office, { from: first, name: 'Kees Grijs', subject: three })
    await expect(page.getByRole('link', { name: new RegExp(three) })).toBeVisible()
  })

  test('mail of somebody who is blocked goes to spam, until they are no longer', async ({
    page,
  }) => {
    const from = await account('plain')
    const letter = (what: string) => ({
      from,
      name: 'Mallory',
      subject: `${what} ${String(width)}`,
    })
    const number = await writes(office, letter('Nog welkom'))
    await toContact(page, number)
    await page.getByRole('button', { name: 'Block', exact: true }).click()
    await expect(page.getByText(/^Blocked since .*: new mail goes to spam\.$/)).toBeVisible()
    await page.goto(`${office.loket.url}/contacts`)
    await page.getByRole('link', { name: 'Blocked', exact: true }).click()
    const blocked = page.getByRole('list', { name: 'Contacts' }).getByRole('link')
    await expect(blocked.filter({ hasText: from.address })).toBeVisible()

    await writes(office, letter('Geblokkeerd'), '&status=spam')
    await page.goto(`${office.loket.url}/tickets/spam`)
    const row = page.getByRole('link', { name: new RegExp(`Geblokkeerd ${String(width)}`) })
    await expect(row).toBeVisible()
    await page.goto(`${office.loket.url}/tickets/open`)
    await expect(
      inbox(page).getByRole('link', { name: new RegExp(`Nog welkom ${String(width)}`) }),
    ).toBeVisible()
    await expect(row).toHaveCount(0)

    await toContact(page, number)
    await page.getByRole('button', { name: 'Unblock' }).click()
    await expect(page.getByText('No longer blocked')).toBeVisible()
    await writes(office, letter('Weer welkom'))
    await page.goto(`${office.loket.url}/tickets/open`)
    await expect(
      inbox(page).getByRole('link', { name: new RegExp(`Weer welkom ${String(width)}`) }),
    ).toBeVisible()
  })
})
