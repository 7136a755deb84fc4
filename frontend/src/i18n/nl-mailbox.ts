// Connecting mailboxes, how they are, and what their tests say.
import type { Messages } from '.'
import { mailbox_state } from './nl-marks'

export const mailbox: Messages['mailbox'] = {
  title: 'Mailboxen',
  intro:
    'Loket leest deze mailboxen en antwoordt vanuit deze mailboxen. De post erin wordt nooit gewijzigd of verwijderd.',
  connect: 'Mailbox koppelen',
  connect_title: 'Een mailbox koppelen',
  empty: 'Nog geen mailbox',
  empty_text: "Koppel de eerste mailbox, bijvoorbeeld info{'@'}uw-bedrijf. Het duurt een minuut.",
  provider: {
    google: 'Google',
    microsoft: 'Microsoft',
    imap: 'IMAP en SMTP',
    maildir: 'Maildir',
  },
  provider_text: {
    google: 'Gmail en Google Workspace',
    microsoft: 'Outlook en Microsoft 365',
    imap: 'Elke andere aanbieder, met een wachtwoord',
    maildir: 'Een map op deze server',
  },
  state: mailbox_state,
  banner: {
    label: 'Mailboxen die niet worden gelezen',
    since: 'Geen mail van {name} sinds {when}.',
    never: 'Geen mail van {name}.',
    many: 'Geen mail van {n} mailboxen: {names}.',
    paused: '{name} is gepauzeerd: er komt geen mail binnen, en antwoorden wachten.',
    ask: 'Vraag een beheerder om opnieuw te verbinden.',
    ask_error: 'Vraag een beheerder om ernaar te kijken.',
    ask_many: 'Vraag een beheerder om ernaar te kijken.',
    reconnect: 'Opnieuw verbinden',
    open: 'Bekijk wat er mis is',
    resume: 'Hervatten',
    dismiss: 'Melding wegdoen',
  },
  last_sync: '{when} nagekeken',
  never_synced: 'Nog niet nagekeken',
  counts: '{imported} geïmporteerd · {skipped} overgeslagen',
  quarantined: '{n} in quarantaine',
  comparison:
    'Op de server: {on_server} = {imported} geïmporteerd + {duplicates} al aanwezig + {left_out} weggelaten · {when} vergeleken',
  missed: 'Eén ervan was gemist, en is opgehaald. | {count} ervan waren gemist, en zijn opgehaald.',
  skipped_why: 'Waarom mail is overgeslagen',
  skipped_reason: {
    sent_unrelated: 'vanuit deze mailbox verstuurd, en niemand heeft geantwoord',
    own_answer: 'kopieën van eigen antwoorden',
    same_content: 'mail die er al was',
    bounce_unmatched: 'bezorgfouten van mail die niet via Loket is verstuurd',
    notice_unmatched: 'bezorgberichten over mail die niet via Loket is verstuurd',
    before_connection: 'was er al voordat de mailbox werd gekoppeld',
    before_import_date: 'van voor de datum waarop het lezen begint',
    after_connection: 'gearchiveerd nadat de mailbox werd gekoppeld',
    spam: 'spam in het geïmporteerde archief',
    trash: 'prullenbak in het geïmporteerde archief',
    draft: 'concepten in het geïmporteerde archief',
    chat: 'chats in het geïmporteerde archief',
    erased: 'verwijderd op verzoek van een persoon',
    not_handed_out: 'door de provider genoemd en niet geleverd',
    other: 'overig',
  },
  sync: 'Nu nakijken',
  syncing: 'Er wordt naar nieuwe post gekeken',
  pause: 'Pauzeren',
  resume: 'Hervatten',
  reconnect: 'Opnieuw koppelen',
  paused_toast: '{address} is gepauzeerd',
  resumed_toast: '{address} wordt weer gelezen',
  importing: 'Bestaande post lezen',
  import_of: '{read} van {total}',
  import_read: '{read} gelezen tot nu toe',
  import_waits:
    'Het deel dat de aanbieder vandaag levert is op. Nieuwe post komt binnen; oudere post gaat {when} verder.',
  access_ends: {
    client_secret:
      'Einde van het clientgeheim van Loket bij {provider}: {when}. Maak daar een nieuw en vul het in; anders komt er daarna geen post meer binnen.',
    grant:
      'Einde van de toestemming van {provider} voor deze mailbox: {when}. Koppel opnieuw; Loket gaat dan gewoon door.',
  },
  access_renew_secret: 'Nieuw geheim invullen',
  fix: {
    needs_reauthorization:
      'De toestemming is verlopen of ingetrokken. Koppel opnieuw; Loket haalt alles vanzelf in.',
    sign_in_refused:
      'De mailserver weigerde de aanmelding. Koppel opnieuw of vul het nieuwe wachtwoord in; Loket haalt alles vanzelf in.',
    client_refused:
      'De aanbieder accepteert de client van Loket niet. Controleer het id en het geheim, en of het geheim is verlopen; Loket gaat vanzelf verder.',
    provider_unavailable:
      'De aanbieder geeft nu geen toegang. Loket blijft het proberen; er gaat niets verloren.',
    not_connected:
      'Het account is herkend, maar de aanbieder opent deze mailbox niet. Controleer of het account er volledige toegang toe heeft en of IMAP aanstaat; misschien moet Loket ook rustiger aan doen.',
    temporarily_unavailable:
      'De mailserver is druk of vraagt Loket om rustiger aan te doen. Het gaat vanzelf verder.',
    refused:
      'De mailserver weigerde wat Loket vroeg. Vaak staat IMAP uit voor dit account: zet het aan bij de aanbieder.',
    host_not_found:
      'De naam van de mailserver is niet te vinden. Controleer hem; Loket blijft het proberen.',
    host_name_invalid: 'De naam van de mailserver klopt niet. Controleer hem.',
    internal_address:
      'De mailserver staat in een intern netwerk; de configuratie van Loket laat dat niet toe.',
    connection_refused:
      'De mailserver neemt geen verbinding aan. Controleer naam en poort; Loket blijft het proberen.',
    connection_lost: 'De verbinding met de mailserver valt weg. Loket blijft het proberen.',
    certificate_not_accepted:
      'Het certificaat van de mailserver hoort niet bij de naam. Controleer de naam van de server.',
    tls_failed:
      'Er kwam geen versleutelde verbinding tot stand. Controleer poort en versleuteling.',
    extra_roots_invalid:
      'De extra certificaten in de configuratie van Loket zijn niet te gebruiken.',
    timeout:
      'De mailserver antwoordt niet op tijd. Controleer naam en poort; Loket blijft het proberen.',
    protocol_error: 'Op deze naam en poort staat geen IMAP-server. Controleer beide.',
    maildir_unreadable: 'De map is niet te vinden of te lezen. Controleer het pad en de rechten.',
    internal:
      'Er ging iets mis in Loket. Het blijft proberen; het logboek van de server zegt meer.',
    other:
      'Loket blijft het proberen. Blijft dit zo, controleer dan de instellingen van deze mailbox.',
  },
  settings_of: 'Instellingen van {address}',
  display_name: 'Weergavenaam',
  display_name_hint: 'Wat klanten als afzender zien.',
  language: 'Taal',
  language_hint: 'Voor aanhalingen en automatische regels in antwoorden.',
  signature: 'Handtekening',
  signature_hint: 'Komt onder elk antwoord vanuit deze mailbox.',
  ack: {
    title: 'Automatische ontvangstbevestiging',
    intro:
      'Laat klanten meteen weten dat hun mail is aangekomen. Ze wachten daarna nog op uw antwoord.',
    enabled: 'Nieuwe tickets uit deze mailbox meteen beantwoorden',
    text: 'Tekst',
    preview: 'Wat de klant krijgt',
    from: 'Van',
    subject: 'Onderwerp',
    rules:
      'Niets van wat de afzender schreef, wordt herhaald. Alleen nieuwe tickets krijgen een bevestiging: geen geïmporteerde mail, mail van meer dan een uur oud, spam, nieuwsbrieven, automatische mail, contactformulieren, geblokkeerde klanten of een vervalste afzender. Een adres krijgt er hooguit één per dag, en een mailbox verstuurt er hooguit 100 per uur.',
  },
  password: 'Nieuw wachtwoord',
  password_hint: 'Alleen om het bekende wachtwoord te vervangen.',
  members: 'Leden',
  members_text: 'Alleen zij zien tickets uit deze mailbox.',
  members_saved: 'Leden opgeslagen',
  members_count: '{n} lid | {n} leden',
  import_title: 'Bestaande post',
  import_now: 'Vanaf nu',
  import_now_text: 'Alleen post die na het koppelen binnenkomt.',
  import_since: 'Sinds een datum',
  import_since_text: 'Oudere, beantwoorde post komt gesloten en gelezen binnen.',
  import_all: 'Alles',
  import_all_text: 'De hele mailbox, als geschiedenis.',
  import_date: 'Vanaf',
  go_google: 'Verder met Google',
  go_microsoft: 'Verder met Microsoft',
  oauth_text:
    'U meldt zich bij {provider} aan als de mailbox die u wilt koppelen, en komt hier terug.',
  not_configured:
    'Loket heeft nog geen client-id voor {provider}. Registreer Loket daar één keer; daarna kan iedereen mailboxen koppelen.',
  not_configured_member: 'Vraag een beheerder om Loket eerst bij {provider} te registreren.',
  configure: '{provider} inrichten',
  address: 'E-mailadres',
  imap: 'Lezen (IMAP)',
  smtp: 'Versturen (SMTP)',
  host: 'Server',
  port: 'Poort',
  tls: 'Versleuteling',
  tls_implicit: 'TLS',
  tls_starttls: 'STARTTLS',
  user_name: 'Gebruikersnaam',
  user_name_hint: 'Vaak het e-mailadres.',
  mailbox_password: 'Wachtwoord',
  app_password_hint: 'Veel aanbieders willen hier een app-wachtwoord.',
  path: 'Map',
  path_hint:
    'Een Maildir op de server, met de mappen new en cur, binnen een map die security.maildir_folders in de configuratie van de server noemt. Op de opdrachtregel (loket mailbox add) kan elke map.',
  deliver: 'Antwoorden',
  deliver_folder: 'In een map zetten',
  deliver_sendmail: 'Aan sendmail geven',
  deliver_path: 'Map voor antwoorden',
  test: 'Verbinding testen',
  testing: 'Testen…',
  test_ok: 'Alles werkt.',
  test_failed: 'Nog niet. Hieronder staat wat er mis is.',
  test_step: {
    resolve: 'De server vinden',
    connect: 'Verbinden',
    tls: 'De verbinding beveiligen',
    imap_login: 'Aanmelden om te lezen',
    imap_folders: 'De mappen vinden',
    smtp_login: 'Aanmelden om te versturen',
    imap: 'Lezen (IMAP)',
    smtp: 'Versturen (SMTP)',
    read: 'De map lezen',
    deliver: 'Antwoorden schrijven',
  },
  check: {
    signed_in_for_reading: 'Aangemeld waar mail wordt gelezen.',
    signed_in_for_sending: 'Aangemeld waar antwoorden worden ingeleverd.',
    inbox_found: 'Mails in de inbox: {count}.',
    folder_found: 'Mails in de map: {count}.',
    delivers_to_folder: 'Antwoorden komen in een map.',
    delivers_to_sendmail: 'Antwoorden gaan naar sendmail.',
    password_missing: 'Vul het wachtwoord in.',
    servers_missing: 'Vul de servers voor het lezen en het versturen in.',
    path_missing: 'Vul het pad van de Maildir in.',
    deliver_missing: 'Kies waar antwoorden heen gaan.',
    folder_unreadable:
      'De map kan niet worden gelezen. Noem er een op de server waar new en cur in staan en die Loket mag lezen.',
    deliver_folder_missing:
      'De map voor antwoorden, en die erboven, bestaan niet. Maak haar, of noem een andere.',
    sendmail_missing:
      'Er is geen programma {path}. Installeer een mailserver op deze machine, of noem een ander programma.',
    no_such_server: 'Er is geen server met de naam {host}. Controleer de spelling.',
    internal_address:
      '{host} is een intern adres. De serverbeheerder kan dat toestaan: security.allow_private_mail_hosts = true.',
    no_answer:
      '{host} antwoordt niet op poort {port}. Controleer de poort, en of er een firewall tussen zit.',
    bad_certificate:
      'Het certificaat van {host} geldt niet voor die naam, of is niet ondertekend door iemand die deze machine vertrouwt.',
    no_encryption:
      'Geen versleutelde verbinding met {host} op poort {port}. Probeer de andere versleuteling (TLS of STARTTLS).',
    closed: '{host} verbrak de verbinding. Controleer poort en versleuteling.',
    not_imap: '{host} antwoordt niet als een IMAP-server. Controleer naam, poort en versleuteling.',
    sign_in_refused:
      '{host} aanvaardt de naam of het wachtwoord niet. Controleer beide; sommige aanbieders willen een app-wachtwoord.',
    sending_refused: '{host} aanvaardt de aanmelding voor het versturen niet.',
    busy: '{host} is druk. Probeer het over een paar minuten opnieuw.',
    refused: '{host} weigert.',
    smtp_auth_disabled:
      'Versturen via SMTP staat uit voor deze mailbox. Een Microsoft 365-beheerder kan het aanzetten: beheercentrum, Gebruikers, Actieve gebruikers, de mailbox, E-mail, E-mail-apps beheren, Geverifieerde SMTP aanvinken (en toestaan voor de organisatie, als het daar uit staat).',
    sender_refused:
      'De mailbox mag niet vanaf dit adres versturen. Verstuur vanaf haar eigen adres, of laat haar beheerder het adres als alias toevoegen of “Verzenden als” toestaan.',
    smtp_failed: 'Aanmelden bij {host} mislukte. Controleer naam, poort en versleuteling.',
  },
  server_said: 'De server zegt:',
  step_ok: 'werkt',
  step_failed: 'mislukt',
  add: 'Mailbox koppelen',
  connected: '{address} is gekoppeld',
  shared_address: 'Gedeelde mailbox (niet verplicht)',
  shared_address_hint:
    'Het adres van een gedeelde mailbox die u mag openen. U meldt zich aan als uzelf; antwoorden komen van het gedeelde adres.',
  admin_consent: 'Pagina voor beheerders',
  admin_consented: 'Loket is goedgekeurd voor uw organisatie. Koppel nu de mailbox.',
  connected_any: 'De mailbox is gekoppeld',
  oauth_error: {
    access_denied: 'Er is geen toestemming gegeven, dus er is niets gekoppeld.',
    invalid_state: 'Deze aanmelding begon niet hier of duurde te lang. Begin opnieuw.',
    missing_scope:
      'Er is geen toestemming gegeven om post te lezen en te versturen. Probeer het opnieuw en laat elk vakje aangevinkt.',
    wrong_account:
      'U meldde zich aan als een andere mailbox dan die opnieuw gekoppeld moet worden.',
    admin_consent_required:
      'De beheerder van uw organisatie bij de aanbieder moet Loket eerst goedkeuren. Vraag dat, en probeer het opnieuw.',
    already_linked: 'Deze mailbox is al gekoppeld.',
    imap_refused:
      'De toestemming is in orde, maar de mailserver opent deze mailbox niet. Controleer of IMAP aanstaat voor het account (bij Google onder Instellingen, Doorsturen en POP/IMAP; bij Microsoft onder E-mail-apps beheren) en of het een mailbox heeft. Koppel daarna opnieuw.',
    smtp_refused:
      'Lezen werkt, maar de server voor het versturen weigert deze mailbox. Zet bij Microsoft 365 Geverifieerde SMTP aan voor de mailbox en voor de organisatie. Koppel daarna opnieuw.',
    server_unreachable:
      'De toestemming is in orde, maar de mailserver van de aanbieder is hiervandaan nu niet te bereiken. Probeer het over een paar minuten weer; blijft het zo, dan staat er misschien een firewall tussen.',
    mailbox_leaving:
      'De gegevens van deze mailbox worden al verwijderd. Koppel haar opnieuw als ze weg zijn: de pagina Verwijderingen zegt wanneer.',
    exchange_failed:
      'De aanbieder bevestigde de aanmelding niet. Controleer de client-id en het geheim.',
    provider_unavailable: 'De aanbieder antwoordt nu niet. Probeer het over een paar minuten weer.',
    not_configured: 'Vul eerst de client-id en het geheim van deze aanbieder in.',
    internal:
      'Er ging iets mis in Loket. Probeer het opnieuw; het logboek van de server zegt meer.',
    other: 'Het koppelen is niet gelukt ({code}). Probeer het opnieuw.',
  },
}
