import type { Messages } from '.'

// Beleidsteksten: wat iedereen die hier werkt gelezen moet hebben.
export const policy: Messages['policy'] = {
  title: 'Beleid',
  intro:
    'Teksten die iedereen die hier werkt gelezen moet hebben. Een nieuwe versie wordt aan iedereen gemaild, en bij de volgende aanmelding wordt ernaar gevraagd.',
  kind: {
    privacy: 'Omgaan met persoonsgegevens',
    security: 'Veilig werken',
    terms: 'Gebruiksvoorwaarden',
  },
  kind_label: 'Waarover',
  none: 'Er is niets gepubliceerd.',
  version: 'Versie {n}',
  published: 'Gepubliceerd door {name}, {at}',
  published_gone: 'Gepubliceerd op {at}',
  new: 'Wat er nieuw is',
  read_by: '{n} van de {all} heeft dit gelezen | {n} van de {all} hebben dit gelezen',
  read_by_all: 'Iedereen heeft dit gelezen',
  readers: 'Wie het gelezen heeft',
  not_yet: 'nog niet',
  earlier: 'Eerdere versies',
  show: 'Tonen',
  hide: 'Verbergen',
  publish: 'Tekst publiceren',
  publish_next: 'Versie {n} publiceren',
  publish_first: 'Publiceren',
  policy_title: 'Titel',
  changes: 'Wat er nieuw is in deze versie',
  changes_hint: 'Staat in de mail boven de tekst.',
  text: 'Tekst',
  text_hint: 'Alinea’s met een lege regel ertussen.',
  done: 'Gepubliceerd en aan iedereen gemaild',
  you_read: 'U hebt dit gelezen op {at}.',
  you_did_not: 'U hebt nog niet gezegd dat u dit gelezen hebt.',
  first_title: 'Lees dit eerst',
  first_text:
    '{organization} heeft een tekst gepubliceerd. | {organization} heeft {n} teksten gepubliceerd.',
  have_read: 'Ik heb dit gelezen',
  sign_out: 'Afmelden',
}
