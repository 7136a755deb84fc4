import { userZone } from '@/composables/zone'
import type { DisconnectionPreview } from '@/api/types'

// In the customers' language, whatever the reader's is.
const TEXTS = {
  en: 'Hello,\n\nWe are closing our mailbox {address}, so we can no longer answer you from it. If your question is not settled yet, please reach us in another way.\n\nWhat you wrote to us here will be deleted from our helpdesk by {date}.',
  nl: 'Hallo,\n\nWij sluiten onze mailbox {address} en kunnen u van daaruit niet meer antwoorden. Is uw vraag nog niet afgehandeld, neem dan op een andere manier contact met ons op.\n\nWat u ons hier schreef, wordt uiterlijk op {date} uit onze helpdesk verwijderd.',
  de: 'Guten Tag,\n\nwir schließen unser Postfach {address} und können Ihnen von dort nicht mehr antworten. Falls Ihr Anliegen noch offen ist, erreichen Sie uns bitte auf einem anderen Weg.\n\nWas Sie uns hier geschrieben haben, wird spätestens am {date} aus unserem Helpdesk gelöscht.',
}
const LOCALES = { en: 'en-GB', nl: 'nl-NL', de: 'de-DE' }

/** What customers are told unless somebody writes something better. */
export function farewellText(
  language: string,
  { address, due_at }: Pick<DisconnectionPreview, 'address' | 'due_at'>,
): string {
  const known = language === 'nl' || language === 'de' ? language : 'en'
  // The promise to the customer is a day, not a minute: the one after the window's end.
  const promised = new Date(Date.parse(due_at) + 86_400_000)
  const date = new Intl.DateTimeFormat(LOCALES[known], {
    dateStyle: 'long',
    timeZone: userZone(),
  }).format(promised)
  return TEXTS[known].replace('{address}', address).replace('{date}', date)
}
