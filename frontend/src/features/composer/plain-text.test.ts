import { describe, expect, it } from 'vitest'
import { toPlainText, type DocumentNode } from './plain-text'

const text = (value: string, href?: string): DocumentNode => ({
  type: 'text',
  text: value,
  ...(href ? { marks: [{ type: 'link', attrs: { href } }] } : {}),
})
const paragraph = (...content: DocumentNode[]): DocumentNode => ({ type: 'paragraph', content })
const item = (...content: DocumentNode[]): DocumentNode => ({ type: 'listItem', content })
const doc = (...content: DocumentNode[]): DocumentNode => ({ type: 'doc', content })

describe('toPlainText', () => {
  it('separates paragraphs and keeps line breaks', () => {
    expect(
      toPlainText(
        doc(paragraph(text('Dag'), { type: 'hardBreak' }, text('Bas')), paragraph(text('x'))),
      ),
    ).toBe('Dag\nBas\n\nx')
  })

  it('writes lists and quotes as people type them', () => {
    expect(
      toPlainText(
        doc(
          { type: 'bulletList', content: [item(paragraph(text('a'))), item(paragraph(text('b')))] },
          {
            type: 'orderedList',
            attrs: { start: 3 },
            content: [
              item(paragraph(text('c')), {
                type: 'bulletList',
                content: [item(paragraph(text('d')))],
              }),
            ],
          },
          { type: 'blockquote', content: [paragraph(text('e')), paragraph(text('f'))] },
        ),
      ),
    ).toBe('- a\n- b\n\n3. c\n   - d\n\n> e\n> \n> f')
  })

  it('shows where a link goes, unless its text says so', () => {
    expect(
      toPlainText(
        doc(
          paragraph(
            text('here', 'https://x.example'),
            text(' '),
            text('https://y.example', 'https://y.example'),
          ),
        ),
      ),
    ).toBe('here (https://x.example) https://y.example')
  })
})
