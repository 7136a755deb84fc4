import type { Messages } from '.'

export const register: Messages['register'] = {
  title: 'Verwerkingsregister',
  intro:
    'Wat Loket met gegevens van mensen doet, gemaakt uit hoe deze server nu is ingesteld. Het is wat artikel 30 van de AVG vraagt; een eigenaar vult in wat alleen u weet.',
  made: '{organization}, {at}',
  print: 'Afdrukken',
  activities: 'Wat er wordt verwerkt, en waarom',
  data_label: 'Gegevens',
  people_label: 'Van wie',
  purpose: {
    answer_customers: 'Post van klanten lezen en beantwoorden',
    let_users_in: 'Gebruikers binnenlaten, en niemand anders',
    accountability: 'Kunnen zeggen wie wat las en deed',
    continuity: 'Terugkomen na verlies (back-ups)',
  },
  data: {
    contact_details: 'namen en e-mailadressen',
    correspondence: 'wat er in de post staat',
    attachments: 'bijlagen',
    delivery_records: 'wie wanneer naar welk adres stuurde',
    work_notes: 'notities, concepten en statussen',
    user_details: 'namen, adressen en rollen van gebruikers',
    sign_in_data: 'gehashte wachtwoorden en sessies',
    mailbox_access: 'tokens en wachtwoorden van mailboxen',
    access_log: 'wie wat wanneer deed, met nummers',
    sealed_copies: 'al het bovenstaande, versleuteld',
  },
  people: {
    customers: 'klanten',
    mentioned: 'mensen die in post genoemd worden of een kopie krijgen',
    users: 'gebruikers',
  },
  retention: 'Hoe lang het wordt bewaard',
  retention_none: 'Er is geen mailbox gekoppeld.',
  then_delete:
    'verwijderd {n} maand na het laatste bericht van een ticket | verwijderd {n} maanden na het laatste bericht van een ticket',
  then_anonymize:
    'anoniem gemaakt {n} maand na het laatste bericht van een ticket | anoniem gemaakt {n} maanden na het laatste bericht van een ticket',
  others: 'spam {spam} dagen, prullenbak {trash} dagen, quarantaine {quarantine} dagen',
  waits: 'Deze regel wacht op een beheerder: tot dan wordt er niets verwijderd.',
  delivery: 'Verzendgegevens: {n} maanden',
  undo: 'Een ontkoppelde mailbox kan terugkomen gedurende: {n} dagen',
  keyring_backups: 'Back-ups van de sleutels: {n} dagen',
  data_backups: 'Back-ups van de gegevens: {n} dagen',
  measures: 'Wat het beschermt',
  measure: {
    sealed_at_rest:
      'Wat mensen schreven is versleuteld (AES-256-GCM), met een sleutel per ticket en bericht.',
    keyring_in_own_file: 'De sleutels staan in een eigen bestand, apart van de gegevens.',
    keyring_in_own_cluster:
      'De sleutels staan in een eigen databasecluster, apart van de gegevens.',
    keyring_in_same_cluster:
      'De sleutels staan in hetzelfde databasecluster als de gegevens: een back-up van het cluster bevat beide.',
    root_key_apart: 'De sleutels zijn versleuteld met een hoofdsleutel die in geen database staat.',
    keys_destroyed_first: 'Verwijderen vernietigt eerst sleutels, en geen back-up brengt ze terug.',
    encrypted_connections: 'Verbindingen met mailservers zijn versleuteld, of worden niet gemaakt.',
    read_by_members_only: 'Gebruikers lezen alleen mailboxen waar ze bij horen; beheerders ook.',
    reads_logged:
      'Elke inzage wordt vastgelegd voor ze wordt getoond, in een logboek dat laat zien of het is veranderd.',
    remote_images_off: 'Afbeeldingen van elders staan uit tot iemand erom vraagt.',
    private_hosts_refused: 'Mailservers in het eigen netwerk van de server worden geweigerd.',
    private_hosts_allowed: 'Mailservers in het eigen netwerk van de server zijn toegestaan.',
  },
  hosts: 'Waar gegevens heen gaan',
  hosts_text:
    'Elke host van buiten waarmee deze server kan praten, door hoe hij is ingesteld en zijn mailboxen.',
  hosts_none: 'Geen: deze server praat met niemand buiten.',
  use: {
    mailbox_sign_in: 'Aanmelden bij mailboxen: het adres en tokens',
    read_mail: 'Post lezen: wat de mailbox opent gaat erheen',
    send_mail: 'Antwoorden versturen: adressen, tekst en bestanden',
    own_mail:
      'Lokets eigen post: adressen van gebruikers, aantallen, links, wat een operator aan beheerders schrijft',
    sealed_objects: 'Grote post en bijlagen, versleuteld',
    database: 'De gegevens: versleuteld, met id’s, tijden en aantallen die dat niet zijn',
    keyring: 'De sleutels, versleuteld met de hoofdsleutel',
    virus_scanner: 'Bestanden, om op virussen te controleren',
  },
  unnamed: {
    remote_images:
      'Hosts van afbeeldingen die in post staan, alleen als een medewerker ze wil zien: via Loket, zonder cookies en zonder het adres van de lezer.',
    connection_test:
      'Een mailserver die een beheerder invult, terwijl de verbinding wordt getest: wat de mailbox opent.',
    local_mail_program:
      'Antwoorden van een mailbox die ze aan het mailprogramma van deze machine geeft: waar dat ze heen stuurt is daar ingesteld.',
  },
  unnamed_title: 'Hosts die in geen instelling staan',
  country: 'Land',
  country_hint: 'Waar de gegevens dan zijn.',
  safeguard: 'Waarborg voor doorgifte',
  safeguard_hint: 'Zoals: binnen de EER, adequaatheidsbesluit, modelcontractbepalingen.',
  contract: 'Contract',
  contract_hint: 'Zoals: verwerkersovereenkomst van 1 maart 2026.',
  unknown: 'niet ingevuld',
  fill_in: 'Invullen',
  fill_in_for: '{host} invullen',
  limits: 'Grenzen aan het gebruik',
  limits_text: 'Wat de aanbieders vragen van ieder die via hen post leest.',
  limits_google: 'Google: API Services User Data Policy, Limited Use',
  limits_google_1:
    'Gegevens uit Gmail worden alleen gebruikt om hier post te tonen en te beantwoorden, zoals u in Loket ziet.',
  limits_google_2:
    'Ze gaan naar niemand anders, behalve om dat te doen, voor de veiligheid, door de wet, of bij een fusie waarmee u instemde.',
  limits_google_3:
    'Ze worden niet gebruikt voor reclame, niet verkocht, en niet gebruikt om AI-modellen te trainen.',
  limits_google_4:
    'Mensen lezen ze alleen waar u daarmee instemde (uw eigen gebruikers), voor de veiligheid, of door de wet.',
  limits_microsoft: 'Microsoft: APIs Terms of Use',
  limits_microsoft_1: 'Alleen de rechten die nodig zijn worden gevraagd: post lezen en versturen.',
  limits_microsoft_2:
    'Gegevens worden alleen gebruikt zoals de gebruiker goedvond, niet langer bewaard dan nodig, en verwijderd als de toegang eindigt.',
  limits_microsoft_3:
    'Ze worden niet verkocht en niet gebruikt voor reclame; de toegang is beveiligd en wordt vastgelegd.',
  limits_microsoft_4: 'Een lek wordt gemeld bij Microsoft en bij wie het aangaat.',
  limits_read: 'Lees het bij {name}',
  in_use: 'hier in gebruik',
  not_in_use: 'hier niet in gebruik',
  disclosures: 'Verstrekkingen aan autoriteiten',
  disclosures_text:
    'Wat er aan een autoriteit is gegeven. Wat is vastgelegd kan niet worden veranderd of verwijderd.',
  disclosures_none: 'Er is er geen vastgelegd.',
  disclose: 'Een verstrekking vastleggen',
  date: 'Datum',
  authority: 'Autoriteit',
  legal_basis: 'Grondslag',
  what: 'Wat er is verstrekt',
  decided_by: 'Wie besloot',
  recorded: 'Vastgelegd door {name}, {at}',
  recorded_gone: 'Vastgelegd {at}',
  disclosed: 'De verstrekking is vastgelegd',
}
