// Handlers that are held to the server's own document: a path, a request or an answer that is not
// in it does not compile.
import { http, HttpResponse, type JsonBodyType, type PathParams } from 'msw'
import type { components, paths } from '../api/schema'
import { authed, world, type Answer, type Context } from './world'

type Path = keyof paths
type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'
export type MethodOf<P extends Path> = {
  [M in Method]: paths[P][M] extends { responses: unknown } ? M : never
}[Method]

type Responses<P extends Path, M extends MethodOf<P>> = paths[P][M] extends { responses: infer R }
  ? R
  : never
type Json<R> = R extends { content: { 'application/json': infer Body } } ? Body : never
/** What the operation answers when all is well. */
type Given<R> = { [Status in Exclude<keyof R, 'default'>]: Json<R[Status]> }[Exclude<
  keyof R,
  'default'
>]
type Asked<O> = O extends { requestBody?: { content: { 'application/json': infer Body } } }
  ? Body
  : never

interface Typed<P extends Path, M extends MethodOf<P>> extends Context {
  ok: (body: Given<Responses<P, M>>, init?: ResponseInit) => Response
  body: () => Promise<Asked<paths[P][M]>>
}
type Act<P extends Path, M extends MethodOf<P>> = (context: Typed<P, M>) => Answer | Promise<Answer>

function typed<P extends Path, M extends MethodOf<P>>(act: Act<P, M>) {
  return (context: Context) =>
    act({
      ...context,
      ok: (body, init) => HttpResponse.json(body as JsonBodyType, init) as Response,
      body: () => context.request.json() as Promise<Asked<paths[P][M]>>,
    })
}

const address = (path: string) => `*${path.replaceAll(/\{(\w+)\}/g, ':$1')}`

/** An operation for somebody who is signed in. */
export function on<P extends Path, M extends MethodOf<P>>(method: M, path: P, act: Act<P, M>) {
  return http[method](address(path), authed(typed(act)))
}

/** An operation for anybody. */
export function open<P extends Path, M extends MethodOf<P>>(method: M, path: P, act: Act<P, M>) {
  const answer = typed(act)
  return http[method](
    address(path),
    ({ request, params }: { request: Request; params: PathParams }) =>
      answer({ db: world(request), request, params, url: new URL(request.url) }),
  )
}

type Kind = components['schemas']['Problem']['type']
/** `stale` of `/problems/stale`: only what the server may send. */
export type ProblemCode = Kind extends `/problems/${infer Code}` ? Code : never
