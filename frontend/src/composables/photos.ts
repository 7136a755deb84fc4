// Where the photo of each colleague is; under its version the browser keeps it for good.
import { useQuery } from '@tanstack/vue-query'
import { createSharedComposable } from '@vueuse/core'
import { computed } from 'vue'
import { userPhotoUrl } from '@/api/urls'
import { listUsers } from '@/api/users'

/** By the id of the user. Shared: every row of a list asks. */
export const usePhotos = createSharedComposable(() => {
  const users = useQuery({ queryKey: ['users'], queryFn: ({ signal }) => listUsers(signal) })
  return computed(
    () =>
      new Map(
        (users.data.value ?? []).flatMap(({ id, photo }) =>
          photo ? [[id, userPhotoUrl(id, photo)] as const] : [],
        ),
      ),
  )
})
