// Who is signed in. Loaded once before the first page is shown; the router asks it.
import { computed, readonly, ref } from 'vue'
import * as api from '@/api/session'
import { Problem } from '@/api/problem'
import type { Account, Organization, Preferences, Session } from '@/api/types'
import { browserLocale, setLocale } from '@/i18n'
import { queryClient } from '@/query'
import { startLive, stopLive } from './live'
import { setTheme } from './theme'

const current = ref<Session | null>(null)

export const session = readonly(current)

export function useSession() {
  return computed(() => {
    if (!current.value) throw new Error('this view needs a session')
    return current.value
  })
}

export function can(permission: string): boolean {
  return current.value?.permissions.includes(permission) ?? false
}

/** Whether one of them is given. */
export function canAny(permissions: readonly string[]): boolean {
  return permissions.some(can)
}

async function apply(next: Session | null): Promise<void> {
  const previous = current.value?.policies_unread ? undefined : current.value?.membership.id
  current.value = next
  setTheme(next?.account.theme ?? 'system')
  await setLocale(next?.account.locale ?? browserLocale())
  // Who has something to read first hears nothing yet.
  if (!next || next.policies_unread) stopLive()
  else if (next.membership.id !== previous)
    startLive(next.membership.id, next.last_event_id, forget)
}

export async function loadSession(): Promise<void> {
  try {
    await apply(await api.getSession())
  } catch (error) {
    await apply(null)
    if (!(error instanceof Problem && error.status === 401)) throw error
  }
}

export async function signIn(email: string, password: string): Promise<void> {
  await apply(await api.createSession({ email, password }))
}

export async function adoptSession(next: Session): Promise<void> {
  await apply(next)
}

export async function applyAccount(account: Account): Promise<void> {
  if (current.value) await apply({ ...current.value, account })
}

export function applyPreferences(preferences: Preferences): void {
  if (current.value) current.value = { ...current.value, preferences }
}

export function applyOrganization(organization: Organization): void {
  if (current.value) current.value = { ...current.value, organization }
}

export async function signOut(): Promise<void> {
  await api.deleteSession()
  forget()
}

/** Nothing that was read under a session may outlive it. */
export function forget(): void {
  queryClient.clear()
  void apply(null)
}
