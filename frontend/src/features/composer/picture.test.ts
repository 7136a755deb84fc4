import { Editor } from '@tiptap/core'
import StarterKit from '@tiptap/starter-kit'
import { describe, expect, it } from 'vitest'
import { Picture } from './picture'
import { isPicture, pictureIds } from './picture-ids'
import { toPlainText } from './plain-text'

const editor = (content: string) => new Editor({ extensions: [StarterKit, Picture], content })

describe('Picture', () => {
  it('comes back from a draft, and is shown by its upload', () => {
    const html = '<p>Kijk <img src="cid:0192-ab" alt="kaart.png"> hier</p>'
    const restored = editor(html)
    expect(restored.getHTML()).toBe(html)
    expect(restored.view.dom.querySelector('img')?.getAttribute('src')).toBe(
      '/api/v1/uploads/0192-ab',
    )
  })

  it('stands in the plain text by its name', () => {
    const text = toPlainText(editor('<p>Zie <img src="cid:a" alt="kaart.png"></p>').getJSON())
    expect(text).toBe('Zie [kaart.png]')
  })

  it('is none of a page that something was copied from', () => {
    const pasted = editor('<p>a<img src="https://track.example/x.gif">b</p>')
    expect(pasted.getHTML()).toBe('<p>ab</p>')
  })
})

describe('pictureIds', () => {
  it('are the uploads that the text shows', () => {
    expect(pictureIds('<p><img src="cid:a-1"><img src="cid:b" alt="x"> cid:c</p>')).toEqual(
      new Set(['a-1', 'b']),
    )
  })
})

describe('isPicture', () => {
  it('knows what every mail program shows', () => {
    expect(
      ['image/png', 'image/svg+xml', 'application/pdf'].map((type) => isPicture({ type })),
    ).toEqual([true, false, false])
  })
})
