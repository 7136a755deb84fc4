import { useMutation, useQueryClient } from '@tanstack/vue-query'
import { useI18n } from 'vue-i18n'
import type { Invitation, Role, User, UserChange } from '@/api/types'
import { inviteUserAgain, updateUser } from '@/api/users'
import { useProblems } from '@/composables/problems'
import { session } from '@/composables/session'
import { showToast } from '@/composables/toasts'
import { keys } from '@/features/tickets/queries'

const ROLES: Role[] = ['owner', 'admin', 'agent', 'auditor']

/** The roles that whoever is signed in can give: owners are made by owners. */
export const rolesToGive = () =>
  ROLES.filter((role) => role !== 'owner' || session.value?.membership.role === 'owner')

/** Nobody changes themselves, and only an owner changes an owner: the server says the same. */
export const isChangeable = (user: User) =>
  user.id !== session.value?.membership.id && rolesToGive().includes(user.role)

/** Changes that are made on the spot; each says what it did, and what went wrong. */
export function useUserActions(user: () => User, handOver: (invitation: Invitation) => void) {
  const { t } = useI18n()
  const client = useQueryClient()
  const problems = useProblems()
  const onError = (error: unknown) => {
    problems.toast(error)
  }
  const onSettled = () => client.invalidateQueries({ queryKey: keys.users })

  const change = useMutation({
    mutationFn: (wish: UserChange) => updateUser(user().id, user().version, wish),
    // Undone at once, it is undone of the version that it has now.
    onSuccess: (changed) =>
      client.setQueryData<User[]>(keys.users, (all) =>
        all?.map((one) => (one.id === changed.id ? changed : one)),
      ),
    onError,
    onSettled,
  })

  function setRole(role: Role): void {
    const { name, role: before } = user()
    if (role === before) return
    const undo = { label: t('ticket.undo'), run: () => setRole(before) }
    change.mutate(
      { role },
      {
        onSuccess: () =>
          showToast(t('users.role_toast', { name, role: t(`users.roles.${role}`) }), {
            action: undo,
          }),
      },
    )
  }

  function enable(): void {
    const { name } = user()
    change.mutate(
      { disabled: false },
      { onSuccess: () => showToast(t('users.enabled_toast', { name })) },
    )
  }

  const again = useMutation({
    mutationFn: () => inviteUserAgain(user().id),
    onSuccess: (invitation) => {
      if (invitation.link) handOver(invitation)
      else showToast(t('users.invited_toast', { email: invitation.user.email }))
    },
    onError,
    onSettled,
  })

  return { setRole, enable, again }
}
