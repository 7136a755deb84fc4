import { HttpResponse, type DefaultBodyType, type PathParams } from 'msw'
import type { LiveEvent } from '../api/types'
import type { components } from '../api/schema'
import { withRelated } from './curated'
import { createDb, type Db, type Scenario } from './db'
import { withHeavy } from './heavy'
import { withKept } from './keeping'
import { withClosing, withDeletions, withLate } from './leaving'
import { withUnread } from './policies'
import type { ProblemCode } from './typed'

// One world per cookie `mock=<name>.<scenario>`, so that tests do not disturb each other.
const worlds = new Map<string, Db>()

export function world(request: Request): Db {
  const cookie = /(?:^|;\s*)mock=([\w.-]+)/.exec(request.headers.get('cookie') ?? '')?.[1]
  const name = cookie ?? 'dev.default'
  let db = worlds.get(name)
  if (!db) {
    const scenario = (name.split('.')[1] ?? 'default') as Scenario
    db = createDb(scenario)
    if (scenario === 'deletions' || scenario === 'auditor') withDeletions(db)
    if (scenario === 'late') withLate(db)
    if (scenario === 'closing') withClosing(db)
    if (scenario === 'kept' || scenario === 'auditor') withKept(db)
    if (scenario === 'related') withRelated(db)
    if (scenario === 'heavy') withHeavy(db)
    if (scenario === 'unread') withUnread(db)
    worlds.set(name, db)
  }
  return db
}

export function problem(
  status: number,
  code: ProblemCode,
  detail: string,
  errors: components['schemas']['FieldProblem'][] = [],
) {
  return HttpResponse.json(
    { type: `/problems/${code}`, title: code, status, detail, errors },
    { status, headers: { 'content-type': 'application/problem+json' } },
  )
}

/** Refuses a change that names no version, or one that was overtaken; else the version rises. */
export function overtaken(request: Request, thing: { version: number }) {
  const built = request.headers.get('if-match')
  if (!built)
    return problem(428, 'version-required', 'Say in the header If-Match what this changes.')
  return built === `"${thing.version}"`
    ? null
    : problem(412, 'stale', 'It was changed in the meantime.')
}

export const lastEvent = (db: Db): number => Number(db.events.at(-1)?.id ?? 0)

export function emit(db: Db, type: LiveEvent['type'], data: LiveEvent['data']): void {
  const event = { id: String(lastEvent(db) + 1), type, data }
  db.events.push(event)
  for (const listener of db.listeners) listener(event)
}

export interface Context {
  db: Db
  request: Request
  params: PathParams
  url: URL
}
export type Answer = Response | HttpResponse<DefaultBodyType>

/** A handler that needs somebody signed in. */
export function authed(act: (context: Context) => Answer | Promise<Answer>) {
  return async ({ request, params }: { request: Request; params: PathParams }) => {
    const db = world(request)
    if (!db.session) return problem(401, 'unauthenticated', 'Sign in first.')
    const key = request.headers.get('idempotency-key')
    if (key && db.answered.has(key))
      return HttpResponse.json(db.answered.get(key) as DefaultBodyType, { status: 201 })
    const answer = await act({ db, request, params, url: new URL(request.url) })
    if (key && answer.status === 201) db.answered.set(key, await answer.clone().json())
    return answer
  }
}
