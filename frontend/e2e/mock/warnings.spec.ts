// What a conversation says about a mail that may deceive.
import { expect, test } from '@playwright/test'
import { enter } from '../views'

test('a mail with several senders names all of them, and says what is wrong with it', async ({
  page,
  context,
}, { testId }) => {
  await enter(context, `warnings-${testId}`)
  await page.goto('/tickets/open/2002')
  const mail = page.getByRole('article').filter({ visible: true })
  await expect(mail.getByText('support@mailbox-quota.example', { exact: true })).toBeVisible()
  await expect(mail.getByText(/^Also from:/)).toContainText(
    'Veldkeuken <klantenservice@veldkeuken.example>',
  )
  for (const words of [
    'This mail names several senders. It may pretend to be from somebody else.',
    'The sender’s name shows another address than the one it comes from.',
    'The sender could not be verified. Be careful with links and requests.',
  ])
    await expect(mail.getByText(words)).toBeVisible()
})
