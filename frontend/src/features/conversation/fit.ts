// Mail is laid out for screens of its own choosing: 600 pixels here, an image of 2,000 there.

/** Makes what is wider than the frame as narrow as the frame; what cannot shrink is scrolled. */
export function fit(inner: Document): void {
  const { clientWidth: room, scrollWidth } = inner.documentElement
  if (!room || scrollWidth <= room) return
  for (const element of inner.querySelectorAll<HTMLElement>(
    'img, table, [width], [style*="width"]',
  ))
    if (element.offsetWidth > room || widthOf(element) > room) shrink(element)
}

function shrink(element: HTMLElement): void {
  const { style, tagName } = element
  style.minWidth = '0'
  if (tagName === 'IMG') {
    const [width, height] = [widthOf(element), Number(element.getAttribute('height'))]
    // A spacer's own shape says nothing: what the mail asked for does.
    if (width && height) style.aspectRatio = `${width} / ${height}`
    style.maxWidth = '100%'
    style.height = 'auto'
    return
  }
  // As wide as before where there is room; a share of a table's cell would be a share of nothing.
  style.maxWidth ||= `${element.offsetWidth}px`
  style.width = tagName === 'TABLE' ? '100%' : 'auto'
}

const widthOf = (element: HTMLElement) => Number(element.getAttribute('width')) || 0

/** An image that is not there is no hole of its size: its description is there, or nothing. */
export function closeHoles(inner: Document, signal: AbortSignal): void {
  const close = ({ style }: HTMLElement) => {
    style.width = style.height = 'auto'
  }
  for (const image of inner.querySelectorAll('img'))
    if (!image.hasAttribute('src') || (image.complete && !image.naturalWidth)) close(image)
  // Errors do not bubble, but they pass by on their way down.
  inner.addEventListener(
    'error',
    ({ target }) => {
      if (target && 'naturalWidth' in target) close(target as HTMLImageElement)
    },
    { capture: true, signal },
  )
}
