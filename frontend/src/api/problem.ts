/** An error that the server explained (RFC 9457), or that kept us from reaching it. */
export class Problem extends Error {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string | null
  readonly errors: Record<string, string>
  /** What this type of problem says besides (RFC 9457, section 3.2). */
  readonly members: Readonly<Record<string, unknown>>

  constructor(init: {
    type?: string
    title?: string
    status: number
    detail?: string | null
    errors?: unknown
    members?: Record<string, unknown>
    cause?: unknown
  }) {
    super(init.title ?? 'Request failed', { cause: init.cause })
    this.name = 'Problem'
    this.type = init.type ?? 'about:blank'
    this.title = init.title ?? ''
    this.status = init.status
    this.detail = init.detail ?? null
    this.errors = fieldErrors(init.errors)
    this.members = init.members ?? {}
  }

  /** The last part of the type's address: what translations are keyed by. */
  get code(): string {
    return this.type.split(/[/#:]/).pop() ?? ''
  }

  static offline(cause: unknown): Problem {
    return new Problem({ type: 'loket:offline', status: 0, cause })
  }

  static async from(response: Response): Promise<Problem> {
    const { status } = response
    if (!response.headers.get('content-type')?.includes('json')) return new Problem({ status })
    try {
      const body = (await response.json()) as Record<string, unknown>
      return new Problem({
        type: typeof body.type === 'string' ? body.type : undefined,
        title: typeof body.title === 'string' ? body.title : undefined,
        detail: typeof body.detail === 'string' ? body.detail : undefined,
        errors: body.errors,
        members: body,
        status,
      })
    } catch (cause) {
      return new Problem({ status, cause })
    }
  }
}

/** Somebody else has changed it since. */
export const isStale = (error: unknown): boolean =>
  error instanceof Problem && error.code === 'stale'

// Accepts {field: message}, {field: [message]} and [{field|pointer, message|detail}].
function fieldErrors(errors: unknown): Record<string, string> {
  const out: Record<string, string> = {}
  if (Array.isArray(errors)) {
    for (const entry of errors as Record<string, unknown>[]) {
      const field = entry.field ?? entry.path ?? entry.pointer
      const message = entry.message ?? entry.detail ?? entry.code
      if (typeof field === 'string' && typeof message === 'string')
        out[field.replace(/^[#/]+/, '')] = message
    }
  } else if (errors && typeof errors === 'object') {
    for (const [field, value] of Object.entries(errors)) {
      const message: unknown = Array.isArray(value) ? value[0] : value
      if (typeof message === 'string') out[field] = message
    }
  }
  return out
}
