// What is being written: one sheet each for the answer, the mail that is passed on, the note, and the
// letter that begins a ticket. It is saved as it is written.
import { useEventListener } from '@vueuse/core'
import { computed, nextTick, onScopeDispose, reactive, ref, shallowRef, watch } from 'vue'
import { Problem } from '@/api/problem'
import type { EmailAddress, ForwardedMail, Upload } from '@/api/types'
import { onLiveEvent } from '@/composables/live'
import { useAutosave } from './draft'
import type { DraftKind } from './mode'
import { pictureIds } from './picture-ids'
import { paragraphs } from './plain-text'
import { useUploads } from './uploads'

/** What a draft of any kind has. */
interface Kept {
  text: string
  html: string | null
  to: EmailAddress[]
  cc: EmailAddress[]
  bcc: EmailAddress[]
  attachments: Upload[]
  mailbox_id?: string | null
  subject?: string | null
  forwarded?: ForwardedMail | null
  without_signature: boolean
  updated_at: string
}

interface Options {
  /** Whose mailbox keeps the files; null for a letter. */
  ticket: number | null
  kind: DraftKind | 'letter'
  draft: Kept | null
  /** `over`: when the one that this builds on was saved; not given where that is not known. */
  save: (content: SheetContent, leaving: boolean, over?: string | null) => Promise<Kept>
  /** What has been saved elsewhere: asked for when that is told, or when saving is refused for it. */
  load: () => Promise<Kept>
  /** Told of what takes the place of what was here. */
  taken?: (kept: Kept) => void
  /** Whom it goes to, and about what, is what the writer chose: that alone makes a draft. */
  addressed?: boolean
  people?: (list: EmailAddress[]) => EmailAddress[]
}

export interface SheetContent {
  text: string
  html: string | null
  to: EmailAddress[]
  cc: EmailAddress[]
  bcc: EmailAddress[]
  attachment_ids: string[]
  subject: string | null
  forwarded: ForwardedMail | null
  without_signature: boolean
}

export type Sheet = ReturnType<typeof useSheet>

// What a browser still sends for a page that is gone (64 KiB, https://fetch.spec.whatwg.org/#http-network-or-cache-fetch).
const LAST_WORDS = 60_000

export function useSheet({
  ticket,
  kind,
  draft,
  save,
  load,
  taken,
  addressed = false,
  people = (list) => list,
}: Options) {
  const uploads = useUploads(ticket)
  uploads.done.value = draft?.attachments ?? []
  const read = (kept: Kept | null) => ({
    text: kept?.text ?? '',
    html: kept?.html ?? (kept?.text ? paragraphs(kept.text) : ''),
    to: people(kept?.to ?? []),
    cc: people(kept?.cc ?? []),
    bcc: people(kept?.bcc ?? []),
    subject: kept?.subject ?? '',
    forwarded: kept?.forwarded ?? null,
    withoutSignature: kept?.without_signature ?? false,
    // Whoever wrote without format goes on so.
    plain: Boolean(kept?.text) && kept?.html === null,
  })
  const fields = reactive(read(draft))

  // A picture that is taken out of the text does not turn into a file; undo brings it back.
  const pictures = ref(pictureIds(fields.html))
  const shown = computed(() => pictureIds(fields.html))
  // Without format they go beside the text, with its other files.
  const files = computed(() =>
    uploads.done.value.filter(
      ({ id }) => !pictures.value.has(id) || (fields.plain && shown.value.has(id)),
    ),
  )
  const sent = computed(() =>
    uploads.done.value.filter(({ id }) => !pictures.value.has(id) || shown.value.has(id)),
  )
  const addPicture = (file: File): Promise<Upload | null> =>
    uploads.send(file, ({ id }) => pictures.value.add(id))

  let formatted = fields.text
  /** With format, or as plain text: the words stay, and the format too until they are changed. */
  function setPlain(plain: boolean): void {
    fields.plain = plain
    if (plain) formatted = fields.text
    else if (fields.text !== formatted) {
      // What the text showed is a file from now on.
      pictures.value = new Set([...pictures.value].filter((id) => !shown.value.has(id)))
      fields.html = fields.text ? paragraphs(fields.text) : ''
    }
  }

  const content = (): SheetContent => ({
    text: fields.text,
    html: fields.plain ? null : fields.html || null,
    to: [...fields.to],
    cc: [...fields.cc],
    bcc: [...fields.bcc],
    attachment_ids: sent.value.map(({ id }) => id),
    subject: fields.subject || null,
    forwarded: fields.forwarded,
    without_signature: fields.withoutSignature,
  })

  // ---- what another device has saved
  let over = draft?.updated_at ?? null
  /** What was saved elsewhere since, while something else was written here. */
  const other = shallowRef<Kept | null>(null)
  /** Saves of this sheet that are not answered yet, and what the last of them says. */
  let saving = 0
  let last: SheetContent | null = null
  const autosave = useAutosave(content, async (written, leaving) => {
    if (other.value) throw new Error('one of two is yet to be chosen')
    // One that leaves beside another builds on that, whenever that was.
    const base = saving ? undefined : over
    last = written
    saving += 1
    try {
      const { updated_at: at } = await save(written, leaving, base)
      if (isLater(at)) over = at
    } catch (error) {
      if (error instanceof Problem && error.status === 412) await look()
      throw error
    } finally {
      saving -= 1
    }
  })
  const isLater = (at: string) => !over || Date.parse(at) > Date.parse(over)

  async function look(): Promise<void> {
    const kept = await load()
    // It may be one's own words, which arrived although the answer to them did not.
    if (kept.text === last?.text && kept.html === last.html) over = kept.updated_at
    else other.value = kept
  }

  /** What was saved elsewhere takes the place of what is here, where nothing here is unsaved. */
  function meet(kept: Kept | null): void {
    const isSaved = ['clean', 'saved'].includes(autosave.state.value)
    if (kept && isSaved && isLater(kept.updated_at)) void take(kept)
  }
  // Told of each save, also of those of this sheet: these are known once they are answered.
  const forget = onLiveEvent(({ type, data }) => {
    if (type === 'draft' && (data.number ?? null) === ticket && data.kind === kind && data.saved_at)
      void hear(data.saved_at)
  })
  onScopeDispose(forget)
  async function hear(at: string): Promise<void> {
    await autosave.settle()
    if (isLater(at)) meet(await load().catch(() => null))
  }
  async function take(kept: Kept): Promise<void> {
    over = kept.updated_at
    other.value = null
    Object.assign(fields, read(kept))
    taken?.(kept)
    uploads.done.value = kept.attachments
    pictures.value = pictureIds(fields.html)
    formatted = fields.text
    // Those who watch the fields take this for writing.
    await nextTick()
    autosave.resume('saved')
  }
  async function keepMine(): Promise<void> {
    over = other.value?.updated_at ?? over
    other.value = null
    autosave.touch()
    await autosave.flush()
  }
  const takeOther = () => other.value && take(other.value)

  // Opening the box is not writing: recipients filled in by us make no draft.
  const written = computed(
    () =>
      Boolean(fields.text) ||
      uploads.done.value.length > 0 ||
      (addressed && fields.to.length + fields.cc.length + fields.bcc.length > 0),
  )
  watch([() => fields.text, () => fields.html, () => fields.plain, uploads.done], autosave.touch)
  watch(
    [
      () => fields.to,
      () => fields.cc,
      () => fields.bcc,
      () => fields.subject,
      () => fields.forwarded,
      () => fields.withoutSignature,
    ],
    () => {
      if (written.value) autosave.touch()
    },
  )

  // What cannot be saved in time is not left without a word.
  useEventListener(window, 'beforeunload', (event) => {
    const state = autosave.state.value
    const late =
      ['dirty', 'saving'].includes(state) && JSON.stringify(content()).length > LAST_WORDS
    if (state === 'failed' || uploads.busy.value || late) event.preventDefault()
  })

  return {
    fields,
    uploads,
    files,
    sent,
    addPicture,
    setPlain,
    content,
    autosave,
    written,
    other,
    meet,
    keepMine,
    takeOther,
  }
}
