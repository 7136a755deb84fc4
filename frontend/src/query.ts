import { QueryClient } from '@tanstack/vue-query'
import { Problem } from './api/problem'

const MINUTE = 60_000

// In memory only, by design: mail is never written to the browser's storage.
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // Events say when something has changed; this only bounds how long a missed one matters.
      staleTime: MINUTE,
      gcTime: 10 * MINUTE,
      retry: (failures, error) =>
        failures < 2 && !(error instanceof Problem && error.status >= 400 && error.status < 500),
      refetchOnWindowFocus: true,
    },
    // What cannot be done now is refused now, and not done hours later or forgotten with the tab.
    mutations: { retry: false, networkMode: 'always' },
  },
})
// A note that is being written stays until it is added, or the session ends.
queryClient.setQueryDefaults(['note'], { gcTime: Infinity })
