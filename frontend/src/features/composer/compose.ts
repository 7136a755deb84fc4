// What an answer, a forward or a note is while it is written, and how it leaves.
import { useQueryClient } from '@tanstack/vue-query'
import { useEventListener } from '@vueuse/core'
import { computed, nextTick, onScopeDispose, ref, watch } from 'vue'
import { newIdempotencyKey } from '@/api/http'
import { Problem } from '@/api/problem'
import { createNote, createReply, deleteDraft, getDraft, saveDraft } from '@/api/tickets'
import type { Draft, EmailAddress, Message, ReplyRequest, Ticket } from '@/api/types'
import { useProblems } from '@/composables/problems'
import { useSession } from '@/composables/session'
import { keys } from '@/features/tickets/queries'
import { named, recipientsOf } from './addresses'
import { kindOf, type ComposeMode, type DraftKind } from './mode'
import { useSent } from './sent'
import { useSheet, type Sheet } from './sheet'

/** Where a ticket keeps the draft of each kind. */
const PLACE = {
  answer: 'draft',
  forward: 'forward_draft',
  note: 'note_draft',
} as const satisfies Record<DraftKind, keyof Ticket>

export function useCompose(ticket: () => Ticket, restored: Draft | null, initialMode: ComposeMode) {
  const client = useQueryClient()
  const session = useSession()
  const problems = useProblems()
  const { tellSent } = useSent()

  const number = ticket().number
  const people = (list: EmailAddress[] = []) => named(list, ticket().messages)
  const mode = ref<ComposeMode>(initialMode)
  const kind = computed(() => kindOf(mode.value))

  // ---- what is written
  const known = (of: DraftKind) =>
    restored && kindOf(initialMode) === of ? restored : ticket()[PLACE[of]]
  const sheetOf = (of: DraftKind) =>
    useSheet({
      ticket: number,
      kind: of,
      draft: known(of),
      save: async (body, leaving, over) => {
        const saved = await saveDraft(number, of, { ...body, builds_on: over }, leaving)
        remember(of, saved)
        return saved
      },
      load: async () => {
        const kept = await getDraft(number, of)
        remember(of, kept)
        return kept
      },
      addressed: of === 'forward',
      people,
    })
  const sheets: Record<DraftKind, Sheet> = {
    answer: sheetOf('answer'),
    forward: sheetOf('forward'),
    note: sheetOf('note'),
  }
  const sheet = computed(() => sheets[kind.value])

  for (const of of ['answer', 'forward', 'note'] as const)
    watch(
      () => ticket()[PLACE[of]],
      (kept) => {
        sheets[of].meet(kept)
      },
    )
  // Whoever comes from another device has perhaps written there.
  useEventListener(window, 'focus', () => {
    void client.invalidateQueries({ queryKey: keys.ticket(number) })
  })

  function remember(of: DraftKind, draft: Draft | null): void {
    const cached = client.getQueryData<Ticket>(keys.ticket(number))
    if (!cached) return
    client.setQueryData<Ticket>(keys.ticket(number), { ...cached, [PLACE[of]]: draft })
    if (!draft) return
    // What is typed after that matters to the list once somebody looks at it.
    if (writing && cached[PLACE[of]]) untold = true
    else listAgain()
  }

  // ---- what the list and its counts say of drafts
  let writing = true
  let untold = false
  function listAgain(): void {
    untold = false
    void client.invalidateQueries({ queryKey: keys.lists })
    void client.invalidateQueries({ queryKey: keys.counts })
  }
  onScopeDispose(() => {
    writing = false
    if (untold) listAgain()
  })

  // ---- whom it goes to
  const busy = ref(false)
  const failure = ref<unknown>(null)
  let addressed: ComposeMode | null = known('answer')
    ? kindOf(initialMode) === 'answer'
      ? initialMode
      : 'reply'
    : null
  function setMode(next: ComposeMode): void {
    mode.value = next
    failure.value = null
    if (next === 'forward') passOn()
    // Whoever looks at the note and comes back finds the recipients as they were.
    if (kindOf(next) !== 'answer' || next === addressed) return
    addressed = next
    const { to, cc } = recipientsOf(ticket().reply_defaults, next as 'reply' | 'reply_all')
    const { fields } = sheets.answer
    fields.to = people(to)
    fields.cc = people(cc)
  }

  // ---- what is passed on
  const mails = computed(() =>
    ticket().messages.filter(
      (message) => ['inbound', 'outbound'].includes(message.kind) && !message.erased_at,
    ),
  )
  /** The customer's last mail, or else ours, unless one was chosen. */
  function passOn(id?: string): void {
    const { fields } = sheets.forward
    const last = mails.value.findLast((message) => message.kind === 'inbound') ?? mails.value.at(-1)
    const chosen = id ?? fields.forwarded?.message_id ?? last?.id
    if (chosen && chosen !== fields.forwarded?.message_id)
      fields.forwarded = { message_id: chosen, without: [] }
    fields.subject ||= `Fwd: ${ticket().subject}`
  }

  if (!known('answer') || kindOf(initialMode) !== 'answer') setMode(initialMode)
  else if (sheets.answer.fields.to.length === 0)
    sheets.answer.fields.to = people(ticket().reply_defaults.to)

  // ---- what arrived while writing
  const seen = ref(ticket().version)
  const seenIds = ref(new Set(ticket().messages.map(({ id }) => id)))
  /** What others have written that was not here when writing began. */
  const news = computed(() => {
    const me = session.value.membership.id
    return ticket().messages.filter(
      ({ id, kind: what, author, auto }) =>
        what !== 'event' &&
        !auto &&
        !seenIds.value.has(id) &&
        (what === 'inbound' || author?.id !== me),
    )
  })
  watch(
    () => ticket().version,
    (version) => {
      if (!news.value.length) seen.value = version
    },
  )
  function acknowledge(): void {
    seen.value = ticket().version
    seenIds.value = new Set(ticket().messages.map(({ id }) => id))
    failure.value = null
  }

  // ---- leaving
  let attempt = { body: '', key: '' }
  /** The same content keeps its key, so that a second try cannot send it twice. */
  function keyFor(body: unknown): string {
    const text = JSON.stringify(body)
    if (text !== attempt.body) attempt = { body: text, key: newIdempotencyKey() }
    return attempt.key
  }

  function append(message: Message): void {
    client.setQueryData<Ticket>(keys.ticket(number), (cached) =>
      cached && !cached.messages.some(({ id }) => id === message.id)
        ? { ...cached, messages: [...cached.messages, message] }
        : cached,
    )
    void client.invalidateQueries({ queryKey: keys.tickets })
  }

  async function attemptTo(act: () => Promise<void>): Promise<boolean> {
    const { autosave } = sheet.value
    busy.value = true
    failure.value = null
    await autosave.halt()
    try {
      await act()
      return true
    } catch (error) {
      autosave.resume('dirty')
      autosave.touch()
      failure.value = error
      // What is new is shown; the server says no more than that there is something.
      if (error instanceof Problem && [409, 412].includes(error.status))
        await client.invalidateQueries({ queryKey: keys.ticket(number) })
      return false
    } finally {
      busy.value = false
    }
  }

  /** Once more where what was not seen is one's own: a note of a moment ago, of which we wait to hear. */
  async function reply(written: Omit<ReplyRequest, 'seen_version'>): Promise<Message> {
    const attempt = () => {
      const body = { ...written, seen_version: seen.value }
      return createReply(number, body, keyFor(body))
    }
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof Problem && error.code === 'unseen-message')) throw error
      await client.invalidateQueries({ queryKey: keys.ticket(number) })
      // The ticket comes by way of the page.
      await nextTick()
      if (news.value.length) throw error
      seen.value = ticket().version
      return attempt()
    }
  }

  const sendReply = (then: ReplyRequest['then'], snooze: Date | null = null) =>
    attemptTo(async () => {
      const of = kind.value
      const { forwarded, subject, ...written } = sheets[of].content()
      const message = await reply({
        ...written,
        ...(of === 'forward' ? { subject, forwarded } : { subject }),
        mode: mode.value === 'note' ? 'reply' : mode.value,
        then,
        snooze_until: snooze?.toISOString() ?? null,
      })
      append(message)
      remember(of, null)
      tellSent(number, message)
    })

  const addNote = (named: { mentions: string[]; teams: string[] }) =>
    attemptTo(async () => {
      const { text, attachment_ids } = sheets.note.content()
      const note = { text: text.trim(), attachment_ids, ...named }
      append(await createNote(number, note, keyFor({ note })))
      remember('note', null)
      sheets.note.fields.text = ''
      sheets.note.uploads.done.value = []
    })

  async function discard(): Promise<void> {
    const of = kind.value
    await sheet.value.autosave.halt()
    remember(of, null)
    try {
      await deleteDraft(number, of)
    } catch (error) {
      // 404: it was never saved.
      if (!(error instanceof Problem && error.status === 404)) problems.toast(error)
    }
    listAgain()
  }

  /** Everything that is written is on the server. */
  const flush = () => Promise.all(Object.values(sheets).map(({ autosave }) => autosave.flush()))
  /** Nothing more is saved: another draft has taken the place of these. */
  const halt = () => Promise.all(Object.values(sheets).map(({ autosave }) => autosave.halt()))

  return {
    mode,
    setMode,
    kind,
    sheets,
    sheet,
    mails,
    passOn,
    busy,
    failure,
    news,
    acknowledge,
    sendReply,
    addNote,
    discard,
    flush,
    halt,
  }
}
