// Mails as a server hands them out for the frame: cleaned.

export const HTML: Record<string, (options: { images: boolean }) => string> = {
  plain: () =>
    `<div dir="ltr"><p>Goedemiddag,</p><p>Dank voor het snelle antwoord. Vrijdag is er iemand thuis <b>tussen 9 en 12 uur</b>; daarna werken we allebei.</p>
<ul><li>Graag bezorgen bij de voordeur</li><li>Bij afwezigheid: bij de buren op <a href="https://example.nl/14">nummer 14</a></li></ul>
<p>Met vriendelijke groet,<br>Marieke van Dijk</p></div>
<div class="gmail_quote" data-loket-quote="this"><div>Op di 17 nov 2026 om 14:05 schreef Veldkeuken &lt;<a href="mailto:info@veldkeuken.example">info@veldkeuken.example</a>&gt;:</div>
<blockquote style="margin:0 0 0 .8ex;border-left:1px solid #ccc;padding-left:1ex"><p>Beste Marieke,</p><p>We hebben een zoekopdracht uitgezet bij de vervoerder. Is het pakket er vrijdag niet, dan sturen we een nieuwe pan.</p><p>Met vriendelijke groet,<br>Sanne de Vries</p></blockquote></div>`,
  styled: ({ images }) =>
    `<table width="100%" bgcolor="#f3efe7" cellpadding="0" cellspacing="0" style="font-family:Georgia,serif"><tr><td align="center" style="padding:24px 8px">
<table width="600" bgcolor="#ffffff" cellpadding="24" cellspacing="0" style="border-radius:8px"><tr><td>
<div style="height:90px;border-radius:6px;background:${images ? '#c8552d' : '#eee'};color:#fff;font-size:22px;line-height:90px;text-align:center">${images ? 'North Mill' : ''}</div>
<img alt="Our kitchen" width="552" height="300" data-remote-src="https://example.com/kitchen.jpg"><h2 style="color:#7a3419;font-weight:normal">Order form for spring</h2><p style="color:#3d3126;line-height:1.6">Dear Veldkeuken, please find below what our chef put together.</p>
<table width="100%" cellpadding="6" style="border-collapse:collapse;color:#3d3126;font-size:14px"><tr style="border-bottom:1px solid #e2d8c8"><td>Braising pan, 28 cm</td><td align="right">24</td></tr><tr style="border-bottom:1px solid #e2d8c8"><td>Frying pan, carbon steel</td><td align="right">30</td></tr><tr><td>Saucepan, 1.5 l</td><td align="right">6</td></tr></table>
<p style="color:#8a7a68;font-size:12px">North Mill, 2 Mill Road</p></td></tr></table></td></tr></table>`,
  outlook: () =>
    `<div><p style="margin:0">Guten Tag Frau de Vries,</p><p>der neue Deckel ist da und passt. Nochmals vielen Dank!</p><p>Freundliche Grüße<br>Thomas Keller</p></div>
<div data-loket-quote="rest"></div><hr style="display:inline-block;width:98%"><div><b>Von:</b> Veldkeuken &lt;info@veldkeuken.example&gt;<br><b>Betreff:</b> AW: Lieferung beschädigt</div>
<div><p>Guten Tag, das tut uns leid. Ein neuer Deckel geht heute noch an Sie heraus.</p></div>`,
  large: () =>
    `<table>${Array.from({ length: 40_000 }, (_, row) => `<tr><td>Row ${row + 1}</td><td style="color:#333">Something that somebody pasted from a spreadsheet, line by line</td></tr>`).join('')}</table><p>The end of it</p>`,
}
