import type { OfficeWords } from '.'

export const list: OfficeWords['list'] = {
  empty_no_mailbox: 'Nog geen mailbox',
  empty_no_mailbox_text:
    'Koppel de mailbox waar uw klanten naar schrijven. Hun post verschijnt dan hier.',
  empty_no_mailbox_member: 'Uw beheerder heeft nog geen mailbox voor u gekoppeld.',
  connect: 'Mailbox koppelen',
  empty_import: 'Uw post is onderweg',
  empty_import_text: 'Loket leest {address}. Tickets verschijnen hier zodra ze binnenkomen.',
  import_progress: '{read} van {total} gelezen',
  import_read: '{read} gelezen',
  to_import: 'Voortgang bekijken',
  empty_filter: 'Niets gevonden',
  empty_filter_text: 'Geen enkel ticket in deze lijst is zo.',
  empty_find_text: 'Er is geen ticket met dit nummer of van dit adres dat u mag zien.',
  clear_filter: 'Alles tonen',
  empty_open: 'Alles gedaan',
  empty_open_text: 'Niemand wacht op een antwoord.',
  empty_mine: 'U bent klaar',
  empty_mine_text: 'Niemand wacht op een antwoord van u.',
  empty_unassigned: 'Alles is toegewezen',
  empty_unassigned_text: 'Er is geen open ticket dat van niemand is.',
  empty_mentioned: 'Niemand heeft u genoemd',
  empty_mentioned_text: 'Tickets met een notitie waarin u wordt genoemd, verschijnen hier.',
  empty_drafts: 'Geen concepten',
  empty_drafts_text: 'Tickets waarop u bent begonnen te schrijven, verschijnen hier.',
  empty_snoozed: 'Er sluimert niets',
  empty_snoozed_text: 'Sluimerende tickets wachten hier tot het zover is.',
  empty_saved: 'Hier is nu niets',
  empty_saved_text: 'Op dit moment past geen ticket in deze weergave.',
  empty_all: 'Nog geen tickets',
  empty_all_text: 'Elk gesprek met een klant verschijnt hier.',
  empty_view: 'Hier is niets',
  empty_view_text: 'Tickets met deze status verschijnen hier.',
  to_view: '{name} ({n})',
  gone: 'Deze weergave is er niet',
  gone_text: 'Zij is verwijderd, of wordt niet meer met u gedeeld.',
}

export const filter: OfficeWords['filter'] = {
  status: 'Status',
  any_status: 'Zoals in deze weergave',
  customer: 'Klant',
  customer_hint: 'E-mailadres',
  no_customer: 'Geen klant heeft dit adres.',
}

export const ticket: OfficeWords['ticket'] = {
  others: 'Andere tickets',
  no_others: 'Dit is het enige.',
  all_of_customer: 'Alle tickets van deze klant',
}
