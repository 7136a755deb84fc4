import type { PolicyKind } from '@/api/types'

export const KINDS: PolicyKind[] = ['privacy', 'security', 'terms']
