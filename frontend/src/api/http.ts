// One place where the browser talks to the server: types from the server's own document, cookies,
// idempotency, versions, problems.
import createClient, { type Middleware } from 'openapi-fetch'
import { noteServerDate } from './clock'
import { Problem } from './problem'
import type { paths } from './schema'

type Listener = () => void
let onUnauthorized: Listener = () => undefined

/** Called when the server no longer knows this session. */
export function setUnauthorizedListener(listener: Listener): void {
  onUnauthorized = listener
}

let beforeProblem: () => Promise<void> = () => Promise.resolve()

/** What is needed to tell of a problem; a problem is not thrown before. */
export function prepareProblems(prepare: () => Promise<void>): void {
  beforeProblem = prepare
}

const explain: Middleware = {
  async onResponse({ response, schemaPath, request }) {
    noteServerDate(response.headers.get('date'))
    if (response.ok) return
    if (response.status === 401 && schemaPath !== '/api/v1/session') onUnauthorized()
    const nobody = response.status === 401 && request.method === 'GET'
    // Without its words the status is told.
    if (!nobody) await beforeProblem().catch(() => undefined)
    throw await Problem.from(response)
  },
  onError({ error }) {
    // A request that we gave up ourselves is no problem to tell about.
    return error instanceof DOMException && error.name === 'AbortError'
      ? error
      : Problem.offline(error)
  },
}

export const client = createClient<paths>({
  baseUrl: location.origin,
  credentials: 'same-origin',
  // Looked up at each call, so that tests can stand in for the network.
  fetch: (request) => globalThis.fetch(request),
})
client.use(explain)

/** The answer's body; a failure has been thrown as a Problem before. */
export async function body<T>(answer: Promise<{ data?: T }>): Promise<T> {
  return (await answer).data as T
}

/** Repeating a request with the same key is safe: the server answers what it answered before. */
export function newIdempotencyKey(): string {
  return crypto.randomUUID()
}

/** Only what is still at this version is changed; what somebody else has changed is refused. */
export const ifMatch = (version: number) => ({ 'If-Match': `"${version}"` })

/** An address under /api/v1 that the browser opens by itself. */
export function apiUrl(path: string, query: Record<string, string | boolean> = {}): string {
  const search = new URLSearchParams(
    Object.entries(query).map(([name, value]) => [name, String(value)]),
  ).toString()
  return `/api/v1${path}${search ? `?${search}` : ''}`
}
