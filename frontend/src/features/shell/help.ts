import { ref } from 'vue'

export const helpOpen = ref(false)
export const paletteOpen = ref(false)
