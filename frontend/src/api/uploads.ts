import { apiUrl, newIdempotencyKey } from './http'
import { Problem } from './problem'
import type { Upload } from './types'

/** fetch cannot report upload progress; XMLHttpRequest can. */
export function uploadFile(
  ticket: number | null,
  file: File,
  onProgress: (fraction: number) => void,
  signal: AbortSignal,
): Promise<Upload> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest()
    const fail = (cause?: unknown) => {
      reject(Problem.offline(cause))
    }
    xhr.open('POST', apiUrl('/uploads'))
    xhr.setRequestHeader('idempotency-key', newIdempotencyKey())
    xhr.setRequestHeader('accept', 'application/json')
    xhr.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total)
    }
    xhr.onerror = fail
    xhr.onabort = fail
    xhr.onload = () => {
      if (xhr.status >= 200 && xhr.status < 300) {
        resolve(JSON.parse(xhr.responseText) as Upload)
        return
      }
      const headers = { 'content-type': xhr.getResponseHeader('content-type') ?? '' }
      void Problem.from(new Response(xhr.responseText, { status: xhr.status, headers })).then(
        reject,
      )
    }
    signal.addEventListener('abort', () => {
      xhr.abort()
    })
    const form = new FormData()
    // Before the file: the server keeps the file with the ticket's mailbox.
    if (ticket !== null) form.append('ticket', String(ticket))
    form.append('file', file, file.name)
    xhr.send(form)
  })
}
