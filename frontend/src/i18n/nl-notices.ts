// Waarover iemand bericht krijgt: de bel, de meldingen van de browser, en de schakelaars in het profiel.
import type { Messages } from '.'

export const notice: Messages['notice'] = {
  title: 'Meldingen',
  bell: 'Meldingen: geen ongelezen | Meldingen: {n} ongelezen | Meldingen: {n} ongelezen',
  read_all: 'Alles als gelezen markeren',
  unread: 'ongelezen',
  none: 'Nog niets. Hier staat het als iemand u noemt of u een ticket toewijst.',
  error: 'De meldingen konden niet worden geladen.',
  line: {
    mention: '{name} noemt u in ticket {number}',
    assigned: '{name} heeft u ticket {number} toegewezen',
    replied: 'De klant heeft geantwoord in ticket {number}',
  },
  kind: {
    mention: 'Iemand noemt mij in een notitie',
    assigned: 'Iemand wijst mij een ticket toe',
    replied: 'Een klant antwoordt in een ticket van mij',
  },
  way: { app: 'Hier', browser: 'Browser', mail: 'E-mail' },
  what: 'Laat het mij weten als',
  ask: 'Toestaan',
  ask_text:
    'De browser toont meldingen zolang er een tabblad met Loket open is, als u dat toestaat.',
  signature: 'Ondertekening',
  signature_label: 'Uw ondertekening',
  signature_hint: 'Staat onder uw antwoorden, boven de ondertekening van de mailbox.',
  signature_block: 'Ondertekening',
  signature_remove: 'Ondertekening weglaten',
  signature_add: 'Ondertekening toevoegen',
  mention_list: 'Noem iemand',
  mention_team: 'team',
}
