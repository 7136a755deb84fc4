// What is being written: one sheet each for the answer, the mail that is passed on, the note, and the
// letter that begins a ticket. It is saved as it is written.
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
  save: (content: SheetContent) => Promise<unknown>
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

export function useSheet({ ticket, draft, save, people = (list) => list }: Options) {
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
  const shown = computed(() => (fields.plain ? new Set<string>() : pictureIds(fields.html)))
  const files = computed(() => uploads.done.value.filter(({ id }) => !pictures.value.has(id)))
  const sent = computed(() =>
    uploads.done.value.filter(({ id }) => !pictures.value.has(id) || shown.value.has(id)),
  )
  const addPicture = (file: File): Promise<Upload | null> =>
    uploads.send(file, ({ id }) => pictures.value.add(id))

  /** With format, or as plain text: the words stay. */
  function setPlain(plain: boolean): void {
    fields.plain = plain
    if (!plain) fields.html = fields.text ? paragraphs(fields.text) : ''
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
  const written = computed(() => Boolean(fields.text || uploads.done.value.length))
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

  return { fields, uploads, files, sent, addPicture, setPlain, content, autosave, written }
}
