// What stands in `{{…}}` of a saved reply, filled in where the text is put in: `{{customer.name}}`, or
// `{{customer.first_name|there}}` with the words for when it is not known.

export const VARIABLES = [
  'customer.first_name',
  'customer.name',
  'agent.first_name',
  'agent.name',
  'ticket.number',
  'mailbox.name',
] as const

export interface Known {
  customer: { name?: string | null } | null
  agent: string
  /** None yet for a letter. */
  ticket: number | null
  mailbox: string
}

/** Of “Jansen, Piet” and of “Piet Jansen”: Piet. */
export function firstName(name: string | null | undefined): string {
  const whole = name?.trim() ?? ''
  const [, after] = whole.split(',', 2)
  return (after ?? whole).trim().split(/\s+/u)[0] ?? ''
}

function value(name: string, { customer, agent, ticket, mailbox }: Known): string {
  switch (name) {
    case 'customer.first_name':
      return firstName(customer?.name)
    case 'customer.name':
      return customer?.name?.trim() ?? ''
    case 'agent.first_name':
      return firstName(agent)
    case 'agent.name':
      return agent
    case 'ticket.number':
      return ticket === null ? '' : String(ticket)
    case 'mailbox.name':
      return mailbox
    default:
      return ''
  }
}

const escaped = (text: string) =>
  text.replace(
    /[&<>"]/gu,
    (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] ?? c,
  )

/** The words behind `|` stand in HTML as HTML already; a value is a customer's and is escaped. */
export function fill(text: string, known: Known, as: 'text' | 'html'): string {
  return text.replace(
    /\{\{([^{}|]*)(?:\|([^{}]*))?\}\}/gu,
    (_all, name: string, other?: string) => {
      const found = value(name.trim(), known)
      return found ? (as === 'html' ? escaped(found) : found) : (other ?? '').trim()
    },
  )
}
