import type { Messages } from '.'

export const erased: Messages['erased'] = {
  kind: {
    inbound: 'Hier stond een bericht.',
    outbound: 'Hier stond een antwoord.',
  },
  when: 'Verwijderd op verzoek van een persoon op {when}.',
}
