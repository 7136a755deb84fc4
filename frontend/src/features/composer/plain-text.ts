// The plain-text side of an answer, made from the editor's document.
export interface DocumentNode {
  type?: string
  text?: string
  attrs?: Record<string, unknown>
  marks?: { type: string; attrs?: Record<string, unknown> }[]
  content?: DocumentNode[]
}

export function toPlainText(doc: DocumentNode): string {
  return blocks(doc.content).join('\n\n').trim()
}

function blocks(nodes: DocumentNode[] = []): string[] {
  return nodes.map((node) => {
    switch (node.type) {
      case 'bulletList':
        return items(node, () => '- ')
      case 'orderedList': {
        const start = typeof node.attrs?.start === 'number' ? node.attrs.start : 1
        return items(node, (index) => `${start + index}. `)
      }
      case 'blockquote':
        return prefix(blocks(node.content).join('\n\n'), '> ')
      default:
        return inline(node.content)
    }
  })
}

function items(list: DocumentNode, marker: (index: number) => string): string {
  return (list.content ?? [])
    .map((item, index) => {
      const mark = marker(index)
      const text = blocks(item.content).join('\n')
      return mark + text.split('\n').join(`\n${' '.repeat(mark.length)}`)
    })
    .join('\n')
}

function inline(nodes: DocumentNode[] = []): string {
  return nodes
    .map((node) => {
      if (node.type === 'hardBreak') return '\n'
      if (node.type === 'image')
        return typeof node.attrs?.alt === 'string' && node.attrs.alt ? `[${node.attrs.alt}]` : ''
      if (node.content) return inline(node.content)
      const text = node.text ?? ''
      const href = node.marks?.find(({ type }) => type === 'link')?.attrs?.href
      return typeof href === 'string' && href !== text && href !== `mailto:${text}`
        ? `${text} (${href})`
        : text
    })
    .join('')
}

const prefix = (text: string, mark: string) =>
  text
    .split('\n')
    .map((line) => mark + line)
    .join('\n')

/** Plain text as the editor would have made it. */
export function paragraphs(text: string): string {
  const escape = (part: string) =>
    part.replace(/[&<>]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c] ?? c)
  return text
    .split(/\n{2,}/)
    .map((part) => `<p>${escape(part).replaceAll('\n', '<br>')}</p>`)
    .join('')
}
