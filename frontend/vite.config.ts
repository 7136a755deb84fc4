import { fileURLToPath, URL } from 'node:url'
import tailwindcss from '@tailwindcss/vite'
import vue from '@vitejs/plugin-vue'
import { budget } from './build/budget'
import { defineConfig, type PluginOption, type UserConfig } from 'vite'

// `--mode mock` answers /api from src/mocks inside the Vite server (development and browser tests
// only): nothing of it is ever part of a build. Without it, /api goes to a Loket on this machine.
const LOKET = process.env.LOKET_DEV_URL ?? 'http://localhost:8080'

// What every page runs on changes seldom, and is smaller in one piece.
const BASE =
  /node_modules\/(?:(?:@?vue|@intlify|vue-router|openapi-fetch)\/|@tanstack\/(?:vue-query|query-core)\/|@lucide\/vue\/dist\/esm\/(?!icons))/
// So do parts of ours that are in every page: many are a few lines, and each file costs by itself.
const COMMON = new RegExp(
  [
    /src\/api\/(?:http|problem|urls)\.ts/,
    /src\/composables\/(?:acts|paint|panes|problems|shortcuts|time|zone)\.ts/,
    /src\/components\/(?:UserAvatar|LoketMark)\.vue/,
    /src\/components\/ui\/(?:AppButton|Avatar|Callout|EmptyState|IconButton|Kbd|Skeleton)\.vue/,
    /@lucide\/vue\/dist\/esm\/icons\/(?:check|circle-alert|eye|mail|menu|paperclip|pencil|x)\./,
    /@lucide\/vue\/dist\/esm\/icons\/(?:contact-round|square-pen|triangle-alert)\./,
    /preload-helper|plugin-vue:export-helper/,
  ]
    .map(({ source }) => source)
    .join('|'),
)

export default defineConfig(async ({ mode }): Promise<UserConfig> => {
  const plugins: PluginOption[] = [vue(), tailwindcss(), budget()]
  if (mode === 'mock') {
    const { mockServer } = await import('./src/mocks/plugin')
    plugins.push(mockServer())
  }
  return {
    plugins,
    resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
    define: {
      __VUE_I18N_FULL_INSTALL__: false,
      __VUE_I18N_LEGACY_API__: false,
      __INTLIFY_DROP_MESSAGE_COMPILER__: true, // src/i18n/compile.ts is ours
      __INTLIFY_PROD_DEVTOOLS__: false,
      __VUE_OPTIONS_API__: mode === 'test',
    },
    build: {
      outDir: mode === 'mock' ? 'node_modules/.cache/dist-mock' : 'dist',
      emptyOutDir: true,
      target: 'es2022',
      assetsInlineLimit: 0, // the content security policy allows no data: scripts or fonts
      reportCompressedSize: true,
      rolldownOptions: {
        output: {
          codeSplitting: {
            groups: [
              { name: 'base', test: BASE },
              { name: 'common', test: COMMON },
            ],
          },
        },
      },
    },
    server: {
      port: 5173,
      proxy: mode === 'mock' ? {} : { '/api': LOKET, '/oauth': LOKET },
    },
    preview: { port: 4173 },
  }
})
