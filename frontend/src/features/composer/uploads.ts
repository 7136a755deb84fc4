import { computed, onScopeDispose, ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { uploadFile } from '@/api/uploads'
import type { Upload } from '@/api/types'
import { useProblems } from '@/composables/problems'
import { showToast } from '@/composables/toasts'

interface Pending {
  key: number
  name: string
  size: number
  fraction: number
  stop: AbortController
}

export const isOfFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false

/** Files that are pasted or dropped where plain text is written; words that come with a picture of them are words. */
export function takeFiles(
  event: Event,
  data: DataTransfer | null,
  add: (files: FileList) => unknown,
): void {
  if (!data?.files.length) return
  if (data.types.includes('text/html') && data.getData('text/plain')) return
  event.preventDefault()
  void add(data.files)
}

// Where files can be dropped, one will miss the place: the browser would leave the page for it.
addEventListener('dragover', (event) => {
  if (event.defaultPrevented || !isOfFiles(event)) return
  event.preventDefault()
  if (event.dataTransfer) event.dataTransfer.dropEffect = 'none'
})
addEventListener('drop', (event) => {
  if (isOfFiles(event)) event.preventDefault()
})

/** Files on their way to the server, and those that are there. */
export function useUploads(ticket: number | null) {
  const { t } = useI18n()
  const problems = useProblems()
  const done = ref<Upload[]>([])
  const pending = ref<Pending[]>([])
  let next = 1

  async function add(files: Iterable<File>): Promise<void> {
    await Promise.all([...files].map((file) => send(file)))
  }

  /** Null when it failed, which was said, or was stopped. */
  async function send(file: File, known?: (upload: Upload) => unknown): Promise<Upload | null> {
    const stop = new AbortController()
    const key = next++
    pending.value.push({ key, name: file.name, size: file.size, fraction: 0, stop })
    try {
      const upload = await uploadFile(
        ticket,
        file,
        (fraction) => {
          const entry = pending.value.find((item) => item.key === key)
          if (entry) entry.fraction = fraction
        },
        stop.signal,
      )
      known?.(upload)
      done.value = [...done.value, upload]
      return upload
    } catch (error) {
      if (!stop.signal.aborted)
        showToast(t('composer.upload_failed', { name: file.name, reason: problems.words(error) }), {
          tone: 'bad',
        })
      return null
    } finally {
      pending.value = pending.value.filter((item) => item.key !== key)
    }
  }

  function remove(id: string): void {
    done.value = done.value.filter((upload) => upload.id !== id)
  }

  function stop(key: number): void {
    pending.value.find((item) => item.key === key)?.stop.abort()
  }

  onScopeDispose(() => {
    for (const { stop: controller } of pending.value) controller.abort()
  })

  return { done, pending, busy: computed(() => pending.value.length > 0), add, send, remove, stop }
}
