import type { TagColor } from '@/api/types'

export const TAG_COLORS: TagColor[] = [
  'gray',
  'red',
  'orange',
  'yellow',
  'green',
  'teal',
  'blue',
  'purple',
]
