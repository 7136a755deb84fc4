// Een mailbox ontkoppelen, wat wanneer wordt verwijderd, en de verklaring daarvan.
import type { Messages } from '.'
import { deletion_ticket } from './nl-marks'

export const deletion: Messages['deletion'] = {
  title: 'Verwijderingen',
  intro:
    'Gegevens van ontkoppelde mailboxen: wanneer ze verdwijnen, en het bewijs dat ze weg zijn.',
  empty: 'Er wordt niets verwijderd',
  empty_text:
    'Een ontkoppelde mailbox verschijnt hier, met de tijd die er nog is om erop terug te komen.',
  group: {
    waiting: 'Kan nog ongedaan worden gemaakt',
    running: 'Wordt verwijderd',
    done: 'Verwijderd',
  },
  state: {
    countdown: 'Ontkoppeld',
    due: 'Verwijderen begint',
    destroying: 'Wordt verwijderd',
    deleting: 'Wordt verwijderd',
    done: 'Verwijderd',
    undone: 'Ongedaan gemaakt',
  },
  gone: 'Een mailbox bij {provider}',
  gone_within: 'een mailbox bij {provider}',
  left: {
    days: '{n} dag | {n} dagen',
    hours: '{n} uur | {n} uur',
    minutes: '{n} minuut | {n} minuten',
    both: '{a} en {b}',
  },
  deleted_in: 'Wordt over {left} verwijderd',
  deleted_on: 'op {when}',
  begins: 'Het verwijderen begint zo. Het kan niet meer ongedaan worden gemaakt.',
  window: 'Verstreken deel van de bedenktijd',
  by: {
    request: '{name} ontkoppelde haar op {when}.',
    dead_grant: 'Loket ontkoppelde haar op {when}: 14 dagen lang had niemand zich aangemeld.',
    closing: 'Ontkoppeld op {when}, omdat de organisatie wordt opgeheven.',
    unknown: 'Iemand die vertrokken is',
  },
  grant: {
    revoking: 'Loket trekt zijn toegang bij Google in.',
    revoked: 'Google heeft de toegang van Loket beëindigd.',
    revoke_there: 'Loket is zijn toegang vergeten. Trek de toestemming ook bij de aanbieder in:',
    forgotten: 'Loket is het wachtwoord vergeten.',
  },
  consent_personal: 'Persoonlijk account: account.live.com/consent/Manage',
  consent_work: 'Werk- of schoolaccount: myapps.microsoft.com',
  consent_google: 'myaccount.google.com/connections',
  undo: 'Ongedaan maken',
  undo_consent: 'Opnieuw koppelen en ongedaan maken',
  undo_title: 'Het ontkoppelen van {address} ongedaan maken?',
  undo_text:
    'Alles is weer zoals het was, en Loket leest verder waar het was gebleven. Antwoorden die zijn tegengehouden, blijven dat.',
  undo_password: 'Wachtwoord van de mailbox',
  undo_password_hint:
    'Loket is het vergeten, en probeert het voordat er iets ongedaan wordt gemaakt.',
  undo_submit: 'Opnieuw koppelen',
  undone_toast: '{address} is weer gekoppeld',
  now: 'Nu verwijderen…',
  now_title: '{address} nu verwijderen?',
  now_text:
    'Dit kan niet ongedaan worden gemaakt. De sleutels worden binnen een uur vernietigd; daarna kan niemand de post ooit nog lezen.',
  now_second: 'Er zijn meer beheerders: er gebeurt niets voordat een van hen ermee instemt.',
  now_agree_text:
    '{name} wil dit nu laten verwijderen. Stemt u in, dan gebeurt dat: niemand kan het terugdraaien.',
  now_address: 'Typ {address}',
  now_password: 'Uw eigen wachtwoord',
  password_wrong: 'Dit is niet uw wachtwoord.',
  address_wrong: 'Dit is niet het adres van de mailbox.',
  now_submit: 'Nu verwijderen',
  now_agree_submit: 'Instemmen en nu verwijderen',
  now_toast: 'De gegevens van {address} worden verwijderd',
  now_asked_toast: 'Een andere beheerder moet ermee instemmen',
  early_other: '{name} wil dit nu laten verwijderen.',
  early_own: 'U vroeg om dit nu te verwijderen. Een andere beheerder moet ermee instemmen.',
  agree: 'Instemmen…',
  destroying: 'De sleutels worden vernietigd.',
  unreadable_since: 'Sinds {when} is niets meer te lezen.',
  progress: '{removed} van {total} berichten verwijderd',
  progress_label: 'Verwijderde berichten',
  promised: 'Uiterlijk op {when} klaar.',
  late: 'Dit duurt langer dan mag',
  late_text:
    'Het was uiterlijk voor {when} beloofd. Loket blijft het proberen; het logboek van de server zegt wat er in de weg staat, en loket doctor wat eraan te doen is.',
  done_text: '{messages} in {tickets} verwijderd op {when}.',
  messages: '{n} bericht | {n} berichten',
  tickets: '{n} ticket | {n} tickets',
  statement: 'Verklaring',
  banner: {
    one: '{address} is ontkoppeld. De gegevens worden over {left} verwijderd.',
    many: '{n} mailboxen zijn ontkoppeld. De eerste gegevens worden over {left} verwijderd.',
    late: 'Het verwijderen van de gegevens van {address} duurt langer dan mag.',
    open: 'Bekijken',
    dismiss: 'Voorlopig verbergen',
    label: 'Verwijderingen',
  },
  ticket: deletion_ticket,
  trouble: {
    leaves:
      'Wordt vandaag ontkoppeld, tenzij iemand zich aanmeldt. | Wordt over {n} dag ontkoppeld, tenzij iemand zich aanmeldt. | Wordt over {n} dagen ontkoppeld, tenzij iemand zich aanmeldt.',
    keep: 'Gegevens bewaren',
    kept: 'De gegevens worden bewaard; daar koos een beheerder op {date} voor.',
    kept_toast: 'De gegevens van {address} worden bewaard',
  },
}

export const disconnect: Messages['disconnect'] = {
  section: 'Ontkoppelen',
  section_text:
    'Loket leest deze mailbox niet meer en verwijdert alles wat eruit kwam. U ziet eerst wat dat is, en kunt er een tijd lang op terugkomen.',
  open: 'Ontkoppelen…',
  title: '{address} ontkoppelen',
  lead_undo:
    'Loket leest en beantwoordt deze mailbox meteen niet meer. U kunt daar {n} dag lang op terugkomen; daarna wordt alles wat eruit kwam voorgoed verwijderd. | Loket leest en beantwoordt deze mailbox meteen niet meer. U kunt daar {n} dagen lang op terugkomen; daarna wordt alles wat eruit kwam voorgoed verwijderd.',
  lead_now:
    'Loket leest en beantwoordt deze mailbox meteen niet meer, en verwijdert alles wat eruit kwam. Dat kan niet ongedaan worden gemaakt.',
  what: 'Wat er wordt verwijderd',
  range: 'Post van {oldest} tot {newest}.',
  count: {
    tickets: 'Ticket | Tickets',
    messages: 'Bericht | Berichten',
    attachments: 'Bijlage | Bijlagen',
    contacts: 'Klant die nergens anders voorkomt | Klanten die nergens anders voorkomen',
  },
  provider_untouched:
    'De post in de mailbox zelf blijft zoals hij is: daar verwijdert Loket niets.',
  when: 'Wat er wanneer gebeurt',
  today: 'Vandaag',
  step_today: 'Lezen en antwoorden stopt',
  step_today_text:
    'De tickets zijn te lezen totdat ze worden verwijderd. Niemand kan ze beantwoorden.',
  step_due: 'Sleutels vernietigd, gegevens verwijderd',
  step_due_text:
    'Vanaf dan kan niemand iets lezen, en is niets meer ongedaan te maken. De rest volgt binnen een dag.',
  step_keyring: 'Laatste back-up van de sleutels weg',
  step_keyring_text: 'Vanaf dan is ook geen back-up meer te lezen.',
  step_backups: 'Laatste back-up van de gegevens weg',
  step_backups_text: 'Tot dan bevatten back-ups verzegelde resten die niemand kan openen.',
  know: 'Goed om te weten',
  still_arrives:
    'Post van klanten komt nog steeds aan bij {provider}, maar Loket ziet hem niet. Lees de mailbox ergens anders, of laat de post doorsturen.',
  still_arrives_maildir:
    'Post van klanten komt nog steeds aan in de map, maar Loket ziet hem niet. Lees hem ergens anders.',
  the_provider: 'de aanbieder',
  grant_google: 'De toegang van Loket bij Google wordt ingetrokken.',
  grant_microsoft:
    'Loket vergeet zijn toegang. De toestemming zelf kunt bij Microsoft alleen u intrekken:',
  grant_imap:
    'Loket vergeet het wachtwoord. Wijzig het bij de aanbieder als het alleen voor Loket was.',
  grant_maildir: 'De map blijft zoals hij is.',
  open_tickets: 'Er staat geen ticket open | Er staat {n} ticket open | Er staan {n} tickets open',
  open_tickets_text: 'Deze klanten wachten nog ergens op.',
  open_tickets_none: 'Niemand wacht op een antwoord.',
  hidden_subject: 'Onderwerp verborgen: u hoort niet bij deze mailbox',
  and_more: 'en nog {n}',
  farewell: 'Een laatste bericht aan deze klanten',
  farewell_hint:
    'Gaat als antwoord in elk open ticket, met de handtekening van de mailbox eronder.',
  farewell_send: 'Versturen naar {n} klant | Versturen naar {n} klanten',
  farewell_again: 'Versturen naar wie het niet kreeg',
  farewell_sent: 'Niemand is beantwoord. | {n} klant is beantwoord. | {n} klanten zijn beantwoord.',
  farewell_missed:
    '{n} ticket kon niet worden beantwoord: er is geen adres, of de klant schreef net. | {n} tickets konden niet worden beantwoord: er is geen adres, of de klant schreef net.',
  waiting:
    'Er wacht nog {n} antwoord op verzending. Ontkoppelen houdt het tegen. | Er wachten nog {n} antwoorden op verzending. Ontkoppelen houdt ze tegen.',
  waiting_text:
    'Antwoorden vertrekken binnen ongeveer 10 seconden, of zolang als ze hier ongedaan te maken zijn.',
  all_left: 'Alle antwoorden zijn verstuurd.',
  refresh: 'Opnieuw kijken',
  confirm: 'Ontkoppelen',
  tick: 'Ik begrijp dat {address} niet meer wordt gelezen en beantwoord',
  tick_text: 'U kunt hierop terugkomen tot {when}.',
  type: 'Typ {address}',
  type_text: 'Dit kan niet ongedaan worden gemaakt.',
  submit: '{address} ontkoppelen',
  done: '{address} is ontkoppeld',
  done_undo: 'U kunt hierop terugkomen tot {when}. Daarna wordt alles verwijderd.',
  done_now: 'Alles wat eruit kwam, wordt verwijderd.',
  stopped: '{n} antwoord is tegengehouden | {n} antwoorden zijn tegengehouden',
  stopped_text:
    'Het is niet verstuurd. De tekst staat in het ticket: | Ze zijn niet verstuurd. De teksten staan in de tickets:',
  none_stopped: 'Er was geen antwoord onderweg.',
  to_deletions: 'Naar het aftellen',
}

export const statement: Messages['statement'] = {
  title: 'Verklaring van verwijdering',
  by: 'van {organization}',
  lead: 'Alles wat Loket, de helpdesk van {organization}, uit één mailbox van {provider} had, is verwijderd.',
  download: 'JSON downloaden',
  print: 'Afdrukken',
  id: 'Verklaring',
  finished: 'Verwijderd op',
  what: 'Wat er is verwijderd',
  subject:
    'De mailbox had de id {id} en stond bij {provider}. Haar adres is hier niet meer bekend.',
  range: 'Het oudste bericht was van {oldest}, het nieuwste van {newest}.',
  no_range: 'Er was geen enkel bericht.',
  kind: {
    tickets: 'Tickets',
    messages: 'Berichten, interne notities meegeteld',
    attachments: 'Bijlagen',
    contacts: 'Klanten die nergens anders voorkwamen',
    originals: 'Oorspronkelijke mails',
    answers: 'Antwoorden in de uitgaande post, al of niet verstuurd',
    drafts: 'Concepten',
    ledger_lines: 'Regels in het register van geziene mail',
  },
  when: 'Wanneer, en op wiens verzoek',
  cause: {
    request: '{name} ontkoppelde de mailbox op {when}.',
    dead_grant:
      'Loket ontkoppelde de mailbox op {when}, omdat niemand de aanmelding in 14 dagen had vernieuwd.',
    closing: 'De mailbox is ontkoppeld op {when}, omdat de organisatie werd opgeheven.',
  },
  closed: {
    lead: 'Alles wat Loket, de helpdesk van {organization}, had is verwijderd: post, klanten, gebruikers en instellingen. De organisatie is gesloten.',
    subject: 'Er waren {mailboxes} mailboxen en {users} gebruikers.',
    asked: '{name}, een eigenaar, vroeg op {when} de organisatie te sluiten.',
    confirmed: 'Dat werd op {when} bevestigd via een link in diens mail.',
    second: '{name}, een tweede eigenaar, stemde in.',
    exported: 'Vooraf is een volledige export gemaakt, die het laatst op {when} is gedownload.',
    not_downloaded: 'Vooraf is een volledige export gemaakt. Niemand heeft hem gedownload.',
    keys_text:
      'Alles wat niet met de eigen sleutels van een mailbox verdween, was verzegeld met sleutels die aan deze hingen:',
  },
  somebody: 'Een gebruiker',
  member: 'Gebruiker {id}',
  early: '{name} vroeg om verwijdering voordat de bedenktijd voorbij was.',
  early_confirmed:
    '{name} vroeg om verwijdering voordat de bedenktijd voorbij was, en {other} stemde daarmee in.',
  window: 'Het kon tot {when} ongedaan worden gemaakt.',
  keys_at: 'De sleutels zijn vernietigd op {when}. Sindsdien kan niemand de gegevens lezen.',
  finished_at: 'De gegevens zelf waren weg op {when}.',
  keys: 'Welke sleutels zijn vernietigd',
  keys_text:
    'Alles uit de mailbox was verzegeld met sleutels die aan deze hingen: | Alles uit de mailbox was verzegeld met sleutels die aan deze hingen:',
  forget_list:
    'De vernietiging is regel {n} of een eerdere van de vergeetlijst, die opnieuw wordt uitgevoerd zodra een back-up wordt teruggezet.',
  remnants: 'Wat kan blijven bestaan, en tot wanneer',
  readable_until:
    'Tot {when} kan er een back-up van de sleutels bestaan die een back-up van de gegevens zou kunnen openen. Daarna is nergens meer iets te lezen.',
  backups_until:
    'Tot {when} kunnen back-ups van de gegevens resten bevatten: verzegelde teksten, id’s, tijden en hashes van adressen, met een sleutel gemaakt. Zonder de vernietigde sleutels is daar niets van te lezen.',
  same_cluster:
    'Sleutels en gegevens stonden in hetzelfde databasecluster. De write-ahead log en de back-ups ervan kunnen daarom beide bevatten, tot de data hierboven.',
  apart: 'De sleutels zijn apart van de gegevens bewaard.',
  provider_kept: 'De post in de mailbox zelf, bij de aanbieder, valt hier niet onder.',
  signature: 'Hoe u deze verklaring controleert',
  signature_text:
    'Het JSON-bestand bevat dezelfde feiten, ondertekend met {algorithm}. Vergelijk de vingerafdruk met een die u van elders kent; de sleutel in het bestand bewijst op zichzelf niets.',
  fingerprint: 'Vingerafdruk van de sleutel',
  key_id: 'Sleutel',
  command: 'Opdracht',
  published: 'Gepubliceerd op {url}',
}
