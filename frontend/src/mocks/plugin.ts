// Answers /api inside the Vite server, from the handlers beside this file. Real HTTP, so that frames,
// images, downloads and the event stream work as they do against Loket.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import type { ReadableStream as NodeStream } from 'node:stream/web'
import { getResponse } from 'msw'
import type { Connect, Plugin } from 'vite'
import { handlers } from './handlers'

export function mockServer(): Plugin {
  const use = (middlewares: Connect.Server) => {
    middlewares.use((request, response, next) => {
      if (!/^\/(api|oauth)\//.test(request.url ?? '')) {
        next()
        return
      }
      answer(request, response).catch(next)
    })
  }
  return {
    name: 'loket-mock',
    configureServer: ({ middlewares }) => {
      use(middlewares)
    },
    configurePreviewServer: ({ middlewares }) => {
      use(middlewares)
    },
  }
}

async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const url = `http://${incoming.headers.host ?? 'localhost'}${incoming.url ?? '/'}`
  const method = incoming.method ?? 'GET'
  const stop = new AbortController()
  outgoing.on('close', () => {
    stop.abort()
  })
  const request = new Request(url, {
    method,
    headers: new Headers(
      Object.entries(incoming.headers).map(([name, value]): [string, string] => [
        name,
        String(value),
      ]),
    ),
    signal: stop.signal,
    ...(method === 'GET' || method === 'HEAD'
      ? {}
      : { body: Readable.toWeb(incoming) as unknown as ReadableStream, duplex: 'half' }),
  } as RequestInit)
  const response = (await getResponse(handlers, request)) ?? new Response(null, { status: 404 })
  outgoing.statusCode = response.status
  response.headers.forEach((value, name) => outgoing.setHeader(name, value))
  if (!response.body) {
    outgoing.end()
    return
  }
  outgoing.flushHeaders()
  Readable.fromWeb(response.body as unknown as NodeStream).pipe(outgoing)
}
