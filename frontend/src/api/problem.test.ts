import { describe, expect, it } from 'vitest'
import { Problem } from './problem'

const answer = (body: unknown, status = 422) =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/problem+json' },
  })

describe('Problem', () => {
  it('takes what the server says', async () => {
    const problem = await Problem.from(
      answer({
        type: '/problems/newer-message',
        title: 'Newer',
        detail: 'Read it first.',
        errors: [{ field: 'to', message: 'is empty' }],
      }),
    )
    expect(problem).toMatchObject({
      code: 'newer-message',
      status: 422,
      detail: 'Read it first.',
      errors: { to: 'is empty' },
    })
  })

  it('survives an answer that explains nothing', async () => {
    const page = new Response('<h1>Bad gateway</h1>', {
      status: 502,
      headers: { 'content-type': 'text/html' },
    })
    expect(await Problem.from(page)).toMatchObject({ status: 502, code: 'blank', errors: {} })
    const broken = new Response('{', {
      status: 500,
      headers: { 'content-type': 'application/problem+json' },
    })
    expect(await Problem.from(broken)).toMatchObject({ status: 500 })
  })
})
