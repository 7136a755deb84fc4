import { HttpResponse } from 'msw'
import type { SavedView, SavedViewChange } from '../api/types'
import type { Db } from './db'
import { refusal } from './search'
import { on } from './typed'
import { overtaken, problem } from './world'

const missing = () => problem(404, 'not-found', 'There is nothing here, or it is not for you.')

const kept = new WeakMap<Db, SavedView[]>()

function views(db: Db): SavedView[] {
  let made = kept.get(db)
  if (!made) {
    const view = (name: string, filter: Record<string, string>, shared: boolean): SavedView => ({
      id: db.random.uuid(),
      name,
      filter,
      shared,
      own: !shared,
      can_change: true,
      version: 1,
    })
    made =
      db.mailboxes.length > 0
        ? [
            view('Met bijlage', { status: 'open', has_attachment: 'true' }, false),
            view('Te lang open', { status: 'open', sort: 'oldest' }, true),
          ]
        : []
    kept.set(db, made)
  }
  return made
}

const invalid = (field: string, message: string) =>
  problem(422, 'invalid', field, [{ field, message }])

function wrong({ name, filter }: SavedViewChange): Response | null {
  if (!name.trim() || name.length > 80)
    return invalid('name', 'give it a name of 1 to 80 characters')
  const { search, sort, ...others } = filter
  if (search === undefined) return null
  if (Object.keys(others).length)
    return invalid(
      'filter',
      'a search is narrowed in its own words: give nothing else but its sort',
    )
  if (sort && !['best', 'newest', 'oldest'].includes(sort))
    return invalid('sort', 'give best, newest or oldest')
  return search.trim() ? refusal({ q: search }) : invalid('filter', 'say what to search for')
}

export const viewHandlers = [
  on('get', '/api/v1/views', ({ ok, db }) => ok({ items: views(db), next_cursor: null })),
  on('get', '/api/v1/views/counts', ({ ok, db }) =>
    ok({
      counts: Object.fromEntries(
        views(db).flatMap(({ id, filter: { search, status } }) =>
          search === undefined
            ? [[id, [...db.tickets.values()].filter((ticket) => ticket.status === status).length]]
            : [],
        ),
      ),
    }),
  ),
  on('post', '/api/v1/views', async ({ ok, body, db }) => {
    const given = await body()
    const refused = wrong(given)
    if (refused) return refused
    const view: SavedView = {
      ...given,
      shared: given.shared ?? false,
      id: db.random.uuid(),
      own: true,
      can_change: true,
      version: 1,
    }
    views(db).push(view)
    return ok(view, { status: 201 })
  }),
  on('put', '/api/v1/views/{id}', async ({ ok, body, db, params, request }) => {
    const given = await body()
    const refused = wrong(given)
    if (refused) return refused
    const view = views(db).find(({ id }) => id === params.id)
    if (!view) return missing()
    const late = overtaken(request, view)
    return late ?? ok(Object.assign(view, given, { version: view.version + 1 }))
  }),
  on('delete', '/api/v1/views/{id}', ({ db, params }) => {
    const all = views(db)
    const at = all.findIndex(({ id }) => id === params.id)
    if (at < 0) return missing()
    all.splice(at, 1)
    return new HttpResponse(null, { status: 204 })
  }),
  on('put', '/api/v1/profile/preferences', async ({ ok, body, db }) => {
    const given = await body()
    if (db.session) db.session.preferences = given
    return ok(given)
  }),
]
