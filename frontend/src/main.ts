import './styles/main.css'
import { VueQueryPlugin } from '@tanstack/vue-query'
import { createApp } from 'vue'
import App from './App.vue'
import { prepareProblems, setUnauthorizedListener } from './api/http'
import { expectPart } from './composables/later'
import { forget, loadSession } from './composables/session'
import { expectWords, i18n, words } from './i18n'
import { queryClient } from './query'
import { createAppRouter } from './router'

const TITLED_MS = 2_000

const router = createAppRouter()

setUnauthorizedListener(() => {
  forget()
  const from = router.currentRoute.value
  if (!from.meta.public)
    void router.replace({ name: 'sign-in', query: { next: from.fullPath, ended: '1' } })
})

const app = createApp(App)
app.use(i18n)
app.use(VueQueryPlugin, { queryClient })

expectWords()
prepareProblems(() => words('problems'))

// The sign-in page says that the server is unreachable; there is nothing better to do here.
void loadSession()
  .catch(() => undefined)
  .then(() => {
    app.use(router)
    app.mount('#app')
    let titled: Promise<void> | undefined
    const title = () =>
      (titled ??= import('./titles').then(({ keepTitles }) => {
        keepTitles(router)
      }))
    // With the rest of the page; some pages have no rest.
    expectPart(title)
    setTimeout(() => void title(), TITLED_MS)
  })
