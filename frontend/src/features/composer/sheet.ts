// What is being written: one sheet each for the answer, the mail that is passed on, the note, and the
// letter that begins a ticket. It is saved as it is written.
import { useEventListener } from '@vueuse/core'
import { computed, reactive, ref, watch } from 'vue'
import type { EmailAddress, ForwardedMail, Upload } from '@/api/types'
import { useAutosave } from './draft'
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
  subject?: string | null
  forwarded?: ForwardedMail | null
  without_signature: boolean
}

interface Options {
  /** Whose mailbox keeps the files; null for a letter. */
  ticket: number | null
  draft: Kept | null
  save: (content: SheetContent, leaving: boolean) => Promise<unknown>
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
  draft,
  save,
  addressed = false,
  people = (list) => list,
}: Options) {
  const uploads = useUploads(ticket)
  uploads.done.value = draft?.attachments ?? []
  const fields = reactive({
    text: draft?.text ?? '',
    html: draft?.html ?? (draft?.text ? paragraphs(draft.text) : ''),
    to: people(draft?.to ?? []),
    cc: people(draft?.cc ?? []),
    bcc: people(draft?.bcc ?? []),
    subject: draft?.subject ?? '',
    forwarded: draft?.forwarded ?? null,
    withoutSignature: draft?.without_signature ?? false,
    // Whoever wrote without format goes on so.
    plain: Boolean(draft?.text) && draft?.html === null,
  })

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
  const autosave = useAutosave(content, save)

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

  return { fields, uploads, files, sent, addPicture, setPlain, content, autosave, written }
}
