// Pictures within an answer. In its HTML one stands as `cid:` and the id of its upload; the server
// sends it along under a Content-ID. The browser shows it by the upload's address.
import Image from '@tiptap/extension-image'
import { uploadUrl } from '@/api/urls'

const CID = /^cid:([\w-]+)$/

export const Picture = Image.extend({
  addNodeView() {
    return ({ node }) => {
      const dom = document.createElement('img')
      const { src, alt } = node.attrs as { src?: string | null; alt?: string | null }
      const id = CID.exec(src ?? '')?.[1]
      // Anything else was pasted from a page: it would be fetched from there, and by every reader.
      if (id) dom.src = uploadUrl(id)
      dom.alt = alt ?? ''
      dom.className = 'inline-block max-w-full rounded'
      return { dom }
    }
  },
  parseHTML() {
    return [{ tag: 'img[src^="cid:"]' }]
  },
}).configure({ inline: true })
