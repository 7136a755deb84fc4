// What keeps a mail from leaving, and what it leaves by.
import { computed, ref, shallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { promisesFile } from './promised'
import type { Sheet } from './sheet'

const isPromising = ({ fields, sent }: Sheet) =>
  sent.value.length === 0 && promisesFile(fields.text)

export function useObstacles() {
  const { t } = useI18n()
  const complaint = ref<string | null>(null)
  const questioned = shallowRef<Sheet | null>(null)
  /** The text promises a file that is not there: asked once for each text, and until it is there. */
  const fileMissing = computed(() => questioned.value !== null && isPromising(questioned.value))
  let asked: string | null = null
  let again: () => void = () => undefined

  /** Says whether nothing is in the way; what is, is told. `retry` sends it as it was meant to be sent. */
  function isClear(sheet: Sheet, addressesRead: boolean, retry: () => void): boolean {
    const { fields } = sheet
    reset()
    // The field itself says which address is none.
    if (!addressesRead) return false
    const people = fields.to.length + fields.cc.length + fields.bcc.length
    if (people === 0) complaint.value = t('composer.no_recipient')
    else if (isComplete(sheet) && asked !== fields.text && isPromising(sheet)) {
      asked = fields.text
      again = retry
      questioned.value = sheet
    }
    return complaint.value === null && !fileMissing.value
  }

  /** Something is written, and its files are there; what is not is told. */
  function isComplete({ fields, uploads, sent }: Sheet): boolean {
    if (uploads.busy.value) complaint.value = t('composer.still_uploading')
    else if (!fields.text.trim() && sent.value.length === 0 && !fields.forwarded)
      complaint.value = t('composer.empty')
    return complaint.value === null
  }

  function reset(): void {
    complaint.value = null
    questioned.value = null
  }

  /** Without the file that the text promises. */
  const sendAnyway = () => {
    again()
  }

  return { complaint, fileMissing, isClear, isComplete, reset, sendAnyway }
}
