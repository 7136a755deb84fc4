// De organisatie sluiten.
export const closing = {
  title: 'Organisatie sluiten',
  open: 'Organisatie sluiten…',
  section_text:
    'Verwijdert alles voorgoed: post, tickets, klanten, gebruikers en instellingen. Eerst wordt een export gemaakt, eigenaren bevestigen het per mail, en er is tijd om het ongedaan te maken.',
  export: 'Alles exporteren',
  export_text:
    'Alle mailboxen als één ZIP, met gebruikers, instellingen en bewaarplichten, om mee te nemen of zelf te bewaren.',
  owners_only: 'Alleen een eigenaar kan de organisatie sluiten.',
  no_mail:
    'Deze server verstuurt zelf geen mail, en sluiten wordt per mail bevestigd. Vraag de beheerder dat in te stellen.',
  what: 'Wat er verwijderd wordt',
  mailboxes: 'Mailboxen',
  users: 'Gebruikers',
  tickets: 'Tickets',
  messages: 'Berichten',
  attachments: 'Bijlagen',
  contacts: 'Klanten',
  when: 'Wat er gebeurt, en wanneer',
  step_ask: 'U vraagt erom',
  step_ask_text:
    'Er wordt een volledige export gemaakt. U krijgt een mail met een link om het te bevestigen; verder verandert er nog niets.',
  step_second_text:
    'Er wordt een volledige export gemaakt. U en de andere eigenaren krijgen een mail met een link; een van hen moet ook bevestigen. Verder verandert er nog niets.',
  step_stop: 'Bevestigd, en de export is klaar',
  step_stop_text:
    'Elke mailbox wordt ontkoppeld en wachtende antwoorden worden gestopt. Tickets kunnen worden gelezen, niet beantwoord. Iedereen ziet het aftellen.',
  step_delete: '{n} dag later | {n} dagen later',
  step_delete_text:
    'De sleutels worden vernietigd en alles wordt verwijderd, ook uw eigen account. Tot dan kan een eigenaar het ongedaan maken.',
  step_backups: 'Daarna',
  step_backups_text:
    'De laatste reservekopie van de sleutels is {keys} dagen later weg, de laatste van de gegevens, waarin dan niets meer te lezen is, {data} dagen later.',
  holds:
    'Er geldt een bewaarplicht: de organisatie wordt pas verwijderd als die eindigt. | Er gelden {n} bewaarplichten: de organisatie wordt pas verwijderd als die eindigen.',
  ask: 'Vragen om te sluiten',
  type_name: 'Typ de naam van de organisatie: {name}',
  name_wrong: 'Dit is niet de naam.',
  password: 'Uw wachtwoord',
  password_wrong: 'Dit is niet uw wachtwoord.',
  submit: 'Vragen om {name} te sluiten',
  asked: 'Gevraagd. Kijk in uw mail.',
  waits: 'Deze organisatie wordt gesloten',
  waits_text: '{name} vroeg erom op {when}. Het begint zodra dit alles klaar is:',
  wait: {
    done: 'klaar',
    open: 'wacht',
    export: 'De volledige export is klaar',
    mine: 'Wie erom vroeg heeft de link in de mail gevolgd',
    second: 'Een tweede eigenaar heeft de zijne gevolgd',
  },
  confirm: 'Bevestigen',
  confirm_title: 'Bevestig dat {name} gesloten wordt',
  confirm_text:
    'Hierna stopt elke mailbox, zodra de export klaar is en iedereen die dat moet heeft bevestigd. Tot het aftellen eindigt kan het ongedaan worden gemaakt.',
  confirmed: 'Bevestigd',
  undo: 'Ongedaan maken',
  undone: 'Ongedaan gemaakt. Er wordt niets verwijderd.',
  counts_down: 'Verwijderd over {left}',
  counts_down_text: 'Alles in deze organisatie wordt op {when} verwijderd.',
  undo_text:
    'Maakt u het ongedaan, dan worden mailboxen met een wachtwoord en mappen meteen weer gelezen; mailboxen van Google en Microsoft vragen om opnieuw aan te melden.',
  held: 'Er geldt een bewaarplicht, dus het wacht. Het gaat verder als die eindigt.',
  deleting: 'De tijd is om, en alles wordt verwijderd. Het kan niet meer terugkomen.',
  banner: {
    label: 'Sluiten',
    countdown:
      'Deze organisatie wordt over {left} gesloten. Tickets kunnen worden gelezen, niet beantwoord.',
    deleting: 'Deze organisatie wordt verwijderd.',
    open: 'Details',
  },
  gone_title: 'Verklaring van verwijdering',
  gone_missing: 'Niet hier, of nog niet',
  gone_missing_text:
    'De verklaring wordt ondertekend als alles verwijderd is. Komt u van de mail daarover, probeer het dan over een uur opnieuw.',
}
