// The page's own font for mails that bring none. A frame of mail may fetch no font, so the page hands
// it over: the bytes, which the browser has already.
import latin from '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2?url'
import latinExt from '@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2?url'

// As in styles/main.css.
const FACES = [
  {
    url: latin,
    unicodeRange:
      'U+0000-00FF, U+0131, U+0152-0153, U+02BB-02BC, U+02C6, U+02DA, U+02DC, U+2000-206F, U+20AC, U+2122, U+2190-2193, U+2212, U+2215, U+FEFF, U+FFFD',
  },
  {
    url: latinExt,
    unicodeRange: 'U+0100-0130, U+0132-0151, U+0154-02BA, U+02BD-02C5, U+1E00-1EFF, U+20A0-20AB',
  },
]

let faces: FontFace[] | null = null
let loading: Promise<FontFace[]> | undefined

// Read once: each face of its own would be checked and unpacked again for each mail.
const load = () =>
  (loading ??= Promise.all(
    FACES.map(async ({ url, unicodeRange }) => {
      const bytes = await (await fetch(url)).arrayBuffer()
      return new FontFace('Inter', bytes, { weight: '100 900', unicodeRange })
    }),
  )
    .then((loaded) => (faces = loaded))
    .catch(() => {
      loading = undefined
      return []
    }))

/** Without it a mail is shown in a font of the system: no reason to show nothing. */
export async function lendFont(inner: Document): Promise<void> {
  for (const face of faces ?? (await load())) inner.fonts.add(face)
}

/** A face remembers each document that it was lent to. */
export function takeFontBack(inner: Document): void {
  for (const face of faces ?? []) inner.fonts.delete(face)
}
