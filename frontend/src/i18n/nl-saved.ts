// Standaardantwoorden: de lijst bij de instellingen en de kiezer bij het schrijven.
import type { Messages } from '.'

export const saved: Messages['saved'] = {
  title: 'Standaardantwoorden',
  intro:
    'Teksten die u vaak schrijft. Zet er een in een antwoord met M, of met / aan het begin van een regel.',
  new: 'Nieuw standaardantwoord',
  edit: 'Standaardantwoord wijzigen',
  find: 'Zoek een standaardantwoord',
  none: 'Nog geen standaardantwoorden',
  none_text: 'Bewaar een tekst die u vaak schrijft, voor uzelf of voor iedereen die antwoordt.',
  none_found: 'Geen standaardantwoord bevat deze woorden',
  manage: 'Standaardantwoorden beheren',
  insert: 'Standaardantwoord invoegen',
  more: 'Meer tonen',
  name: 'Naam',
  name_hint: 'Hiermee vindt u het terug. Klanten zien dit niet.',
  for: 'Voor',
  of_mailbox: 'Iedereen in {name}',
  text: 'Tekst',
  text_placeholder: 'Schrijf de tekst…',
  variables: 'Vul in:',
  fallback_hint:
    "Woorden voor als iets niet bekend is staan achter een streep: {'{{customer.first_name|daar}}'}.",
  remove: 'Verwijderen',
  remove_ask: '“{name}” verwijderen?',
  remove_text: 'Antwoorden die ermee zijn verstuurd blijven zoals ze zijn.',
  removed: 'Standaardantwoord verwijderd',
  of_team: 'Team {name}',
  scope: {
    personal: 'Alleen ik',
    team: 'Team',
    mailbox: 'Mailbox',
    organization: 'Iedereen',
  },
}
