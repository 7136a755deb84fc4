// A list that is here as a whole: it is narrowed by what is typed, and shown a part at a time.
import { computed, ref, watch } from 'vue'
import { fold } from '@/composables/fold'

/** So many are seen at a glance. */
export const FEW = 8
/** The page stays light, however many there are. */
const PART = 50

export type Narrowed<T> = ReturnType<typeof useNarrowed<T>>

/** `words`: what of each can be looked for. */
export function useNarrowed<T>(all: () => readonly T[], words: (item: T) => string) {
  const text = ref('')
  const most = ref(PART)
  const found = computed(() => {
    const asked = fold(text.value.trim())
    return asked ? all().filter((item) => fold(words(item)).includes(asked)) : all()
  })
  watch(text, () => {
    most.value = PART
  })
  return {
    text,
    searchable: computed(() => all().length > FEW),
    shown: computed(() => found.value.slice(0, most.value)),
    more: computed(() => found.value.length > most.value),
    showMore: () => {
      most.value += PART
    },
  }
}
