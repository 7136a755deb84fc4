// What a mailbox answers by itself: its variables, and a text to begin with in the mailbox's language.

export const VARIABLES = ['ticket.number', 'organization.name', 'mailbox.name'] as const
export type Values = Record<(typeof VARIABLES)[number], string>

const FIRST: Record<string, string> = {
  en: 'Hello,\n\nThank you for your message. We have received it and will answer you as soon as we can. Its number is {{ticket.number}}.\n\nIs there something to add? Just reply to this mail.',
  nl: 'Hallo,\n\nBedankt voor uw bericht. We hebben het ontvangen en antwoorden zo snel mogelijk. Het nummer is {{ticket.number}}.\n\nWilt u iets toevoegen? Beantwoord dan deze mail.',
  de: 'Guten Tag,\n\nvielen Dank für Ihre Nachricht. Wir haben sie erhalten und antworten so bald wie möglich. Die Nummer ist {{ticket.number}}.\n\nMöchten Sie etwas ergänzen? Antworten Sie einfach auf diese Mail.',
}

export const firstText = (language: string): string => FIRST[language] ?? FIRST.en ?? ''

/** As the server does it: what is no variable becomes nothing. */
export function filled(text: string, values: Values): string {
  return text.replace(/\{\{([^{}|]*)(?:\|[^{}]*)?\}\}/gu, (_all, name: string) => {
    const known = VARIABLES.find((variable) => variable === name.trim())
    return known ? values[known] : ''
  })
}
