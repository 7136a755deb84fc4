const DOMAIN = /^[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+(:\d+)?([/?#]\S*)?$/u

/** Where a link leads of which this was typed; null for what nobody can follow from a mail. */
export function linkTo(typed: string): string | null {
  const text = typed.trim()
  if (/^(mailto|tel):\S+$/i.test(text)) return text
  const address = DOMAIN.test(text) ? `https://${text}` : text
  return /^https?:\/\/\S+$/i.test(address) && URL.canParse(address) ? address : null
}
