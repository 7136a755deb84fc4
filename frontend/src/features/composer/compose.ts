// What an answer or a note is while it is written, and how it leaves.
import { useQueryClient } from '@tanstack/vue-query'
import { computed, reactive, ref, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRoute, useRouter } from 'vue-router'
import { serverNow } from '@/api/clock'
import { newIdempotencyKey } from '@/api/http'
import { Problem } from '@/api/problem'
import { cancelMessage, createNote, createReply, deleteDraft, saveDraft } from '@/api/tickets'
import type { Draft, EmailAddress, Message, ReplyRequest, Ticket, Upload } from '@/api/types'
import { useProblems } from '@/composables/problems'
import { useSession } from '@/composables/session'
import { showToast } from '@/composables/toasts'
import { keys } from '@/features/tickets/queries'
import { named, recipientsOf } from './addresses'
import { useAutosave } from './draft'
import type { ComposeMode } from './mode'
import { pictureIds } from './picture-ids'
import { showRestored } from './restored'
import { useUploads } from './uploads'

export function useCompose(ticket: () => Ticket, draft: Draft | null, initialMode: ComposeMode) {
  const client = useQueryClient()
  const session = useSession()
  const problems = useProblems()
  const uploads = useUploads(ticket().number)
  const router = useRouter()
  const route = useRoute()
  const { t } = useI18n()

  const number = ticket().number
  const people = (list: EmailAddress[] = []) => named(list, ticket().messages)

  const mode = ref<ComposeMode>(initialMode)
  // Kept beside the ticket until it is added: leaving the box loses nothing.
  const note = ref(client.getQueryData<string>(keys.note(ticket().number)) ?? '')
  watch(note, (text) => {
    client.setQueryData<string>(keys.note(number), text)
  })
  const fields = reactive({
    text: draft?.text ?? '',
    html: draft?.html ?? (draft?.text ? paragraphs(draft.text) : ''),
    to: people(draft?.to),
    cc: people(draft?.cc),
    bcc: people(draft?.bcc),
  })
  uploads.done.value = draft?.attachments ?? []

  // A picture that is taken out of the text does not turn into a file; undo brings it back.
  const pictures = ref(pictureIds(fields.html))
  const shown = computed(() => pictureIds(fields.html))
  const files = computed(() => uploads.done.value.filter(({ id }) => !pictures.value.has(id)))
  const sent = computed(() =>
    uploads.done.value.filter(({ id }) => !pictures.value.has(id) || shown.value.has(id)),
  )

  const addPicture = (file: File): Promise<Upload | null> =>
    uploads.send(file, ({ id }) => pictures.value.add(id))

  const busy = ref(false)
  const failure = ref<unknown>(null)

  let addressed: ComposeMode | null = draft
    ? initialMode === 'note'
      ? 'reply'
      : initialMode
    : null
  function setMode(next: ComposeMode): void {
    mode.value = next
    failure.value = null
    // Whoever looks at the note and comes back finds the recipients as they were.
    if (next === 'note' || next === addressed) return
    addressed = next
    const { to, cc } = recipientsOf(ticket().reply_defaults, next)
    fields.to = people(to)
    fields.cc = people(cc)
  }
  if (!draft) setMode(initialMode)
  else if (fields.to.length === 0) fields.to = people(ticket().reply_defaults.to)

  // ---- the draft
  const content = () => ({
    text: fields.text,
    html: fields.html || null,
    to: [...fields.to],
    cc: [...fields.cc],
    bcc: [...fields.bcc],
    attachment_ids: sent.value.map(({ id }) => id),
  })
  const autosave = useAutosave(content, async (body) => {
    remember(await saveDraft(number, body))
  })

  function remember(known: Draft | null): void {
    client.setQueryData<Ticket>(keys.ticket(number), (cached) =>
      cached ? { ...cached, draft: known } : cached,
    )
  }
  // Opening the box is not writing: recipients filled in by us make no draft.
  watch([() => fields.text, () => fields.html, uploads.done], autosave.touch)
  watch([() => fields.to, () => fields.cc, () => fields.bcc], () => {
    if (fields.text || uploads.done.value.length) autosave.touch()
  })

  // ---- what arrived while writing
  const seen = ref(ticket().version)
  const seenMails = ref(mails().length)
  const newer = computed(() => mails().length > seenMails.value)
  watch(
    () => ticket().version,
    (version) => {
      if (!newer.value) seen.value = version
    },
  )
  function mails(): Message[] {
    const me = session.value.membership.id
    return ticket().messages.filter(
      ({ kind, author }) => kind === 'inbound' || (kind !== 'event' && author?.id !== me),
    )
  }
  function acknowledge(): void {
    seen.value = ticket().version
    seenMails.value = mails().length
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
    busy.value = true
    failure.value = null
    try {
      await act()
      return true
    } catch (error) {
      failure.value = error
      if (error instanceof Problem && [409, 412].includes(error.status))
        await client.invalidateQueries({ queryKey: keys.ticket(number) })
      return false
    } finally {
      busy.value = false
    }
  }

  const sendReply = (then: ReplyRequest['then']) =>
    attemptTo(async () => {
      await autosave.halt()
      try {
        const body: ReplyRequest = {
          ...content(),
          mode: mode.value === 'reply_all' ? 'reply_all' : 'reply',
          then,
          seen_version: seen.value,
        }
        const message = await createReply(number, body, keyFor(body))
        append(message)
        remember(null)
        tellSent(message)
      } catch (error) {
        autosave.resume('dirty')
        autosave.touch()
        throw error
      }
    })

  /** The list may have moved on to another ticket: the toast brings the answer back. */
  function tellSent({ id, delivery }: Message): void {
    const until = delivery?.undo_until
    const undo = {
      label: t('delivery.undo'),
      run: () => {
        void takeBack(id)
      },
    }
    showToast(t('composer.sent_toast', { number }), {
      about: sentToast(number),
      action: until ? undo : undefined,
      life: until ? Math.max(1_000, Date.parse(until) - serverNow()) : undefined,
    })
  }

  async function takeBack(id: string): Promise<void> {
    try {
      const restored = await cancelMessage(id)
      client.setQueryData<Ticket>(keys.ticket(number), (cached) =>
        cached
          ? {
              ...cached,
              draft: restored,
              messages: cached.messages.filter((message) => message.id !== id),
            }
          : cached,
      )
      showToast(t('delivery.undone'))
      showRestored(number, restored)
      await router.push({
        name: 'tickets',
        params: { ...route.params, number },
        query: route.query,
      })
    } catch (error) {
      problems.toast(error)
    }
    await client.invalidateQueries({ queryKey: keys.tickets })
  }

  const addNote = () =>
    attemptTo(async () => {
      const text = note.value.trim()
      append(await createNote(number, text, keyFor({ note: text })))
      note.value = ''
    })

  async function discard(): Promise<void> {
    await autosave.halt()
    remember(null)
    try {
      await deleteDraft(number)
    } catch (error) {
      // 404: it was never saved.
      if (!(error instanceof Problem && error.status === 404)) problems.toast(error)
    }
  }

  return {
    mode,
    setMode,
    note,
    fields,
    uploads,
    files,
    sent,
    addPicture,
    busy,
    failure,
    autosave,
    newer,
    acknowledge,
    sendReply,
    addNote,
    discard,
  }
}

/** What the toast of a sent answer is about: it goes when the answer is taken back. */
export const sentToast = (number: number) => `sent-${number}`

function paragraphs(text: string): string {
  const escape = (part: string) =>
    part.replace(/[&<>]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c] ?? c)
  return text
    .split(/\n{2,}/)
    .map((part) => `<p>${escape(part).replaceAll('\n', '<br>')}</p>`)
    .join('')
}
