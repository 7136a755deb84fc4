import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { mount } from '@vue/test-utils'
import { http, HttpResponse } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import type { Mailbox } from '@/api/types'
import { i18n } from '@/i18n'
import MailboxForm from './MailboxForm.vue'

const server = setupServer()
beforeAll(() => {
  server.listen({ onUnhandledRequest: 'error' })
})
afterAll(() => {
  server.close()
})

it('leaves the language of a German mailbox as it is', async () => {
  let change: unknown = null
  server.use(
    http.patch('*/api/v1/mailboxes/b', async ({ request }) => {
      change = await request.json()
      return HttpResponse.json({})
    }),
  )
  const mailbox = { id: 'b', display_name: 'Laden', language: 'de', signature: '' } as Mailbox
  const router = createRouter({ history: createMemoryHistory(), routes: [] })
  const plugins = [i18n, router, [VueQueryPlugin, { queryClient: new QueryClient() }]] as never
  const form = mount(MailboxForm, { props: { mailbox }, global: { plugins } })
  expect(form.find('select').element.selectedOptions[0]?.text).toBe('Deutsch')
  await form.find('form').trigger('submit')
  await vi.waitFor(() => {
    expect(change).toMatchObject({ language: 'de' })
  })
})
