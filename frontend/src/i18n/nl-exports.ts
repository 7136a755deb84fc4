// Exports: een mailbox, of de hele organisatie, als één ZIP.
export const exports_ = {
  section: 'Exporteren',
  section_text:
    'Alles in deze mailbox als één ZIP: tickets, de oorspronkelijke berichten met hun bestanden, notities en klanten, om te lezen en voor programma’s.',
  make: 'Exporteren…',
  list: 'Exports van {name}',
  title: '{name} exporteren',
  title_text: 'Alle post verlaat Loket in één keer. Alleen u kunt downloaden wat er gemaakt wordt.',
  holds: 'De ZIP bevat elk ticket, bericht, bestand, elke notitie en elke klant van deze mailbox.',
  holds_all:
    'De ZIP bevat elk ticket, bericht, bestand en elke klant, en gebruikers, instellingen en bewaarplichten.',
  lasts:
    'Hij is verzegeld tot u hem downloadt, is 7 dagen te downloaden, en wordt daarna vernietigd.',
  logged: 'In het auditlogboek staat dat u hem maakte, en elke keer dat u hem downloadt.',
  password: 'Uw wachtwoord',
  password_wrong: 'Dit is niet uw wachtwoord.',
  not_member:
    'Alleen wie bij deze mailbox hoort kan haar exporteren. Voeg uzelf eerst toe aan de leden.',
  submit: 'Export maken',
  ordered: 'De export wordt gemaakt',
  waits: 'Wacht op het begin…',
  progress: '{done} van {total} tickets',
  progress_label: 'Hoe ver de export is',
  made_by: '{when}, door {name}',
  until: 'tot {when}',
  downloads: 'nog niet gedownload | één keer gedownload | {n} keer gedownload',
  download: 'Downloaden',
  remove: 'Export van {when} verwijderen',
  error: {
    failed: 'Hij kon niet worden gemaakt. Het logboek van de server zegt waarom.',
    lost: 'Hij is verloren gegaan toen de server werd teruggezet. Maak hem opnieuw.',
  },
}
