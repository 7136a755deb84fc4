import type { OfficeWords } from '.'
import { closing } from './nl-closing'
import { deletion, disconnect, statement } from './nl-deletions'
import { exports_ } from './nl-exports'
import { incident } from './nl-incident'
import { filter, list, ticket } from './nl-later'
import { mailbox } from './nl-mailbox'
import { flag, message } from './nl-message'
import { palette } from './nl-palette'
import { policy } from './nl-policies'
import { profile } from './nl-profile'
import { register } from './nl-register'
import { request } from './nl-requests'
import { hold, retention } from './nl-retention'
import { search } from './nl-search'
import { elsewhere, follower, joined } from './nl-ticket'
import { session } from './nl-session'
import { users } from './nl-users'

const office: OfficeWords = {
  closing,
  elsewhere,
  follower,
  joined,
  deletion,
  disconnect,
  statement,
  export: exports_,
  filter,
  incident,
  list,
  mailbox,
  message,
  flag,
  palette,
  policy,
  profile,
  register,
  request,
  hold,
  retention,
  search,
  session,
  users,
  ticket,
  setup: {
    title: 'Welkom bij Loket',
    intro: 'Twee minuten, en uw team beantwoordt hier de post.',
    token: 'Installatiecode',
    token_hint: 'Staat in de terminal waar Loket is gestart.',
    organization: 'Organisatie',
    organization_hint: 'Zoals uw klanten haar kennen.',
    time_zone: 'Tijdzone',
    name: 'Uw naam',
    email: 'Uw e-mailadres',
    password: 'Wachtwoord',
    password_hint: 'Minstens 10 tekens. Een korte zin is prima.',
    submit: 'Loket inrichten',
  },
  provider: {
    title: '{provider} inrichten',
    intro: 'Registreer Loket één keer bij {provider}. Het duurt vijf minuten en kost niets.',
    redirect_uri: 'Redirect-URI',
    redirect_uri_hint: 'Registreer precies dit adres.',
    admin_consent_url: 'Goedkeuring door een beheerder',
    admin_consent_url_hint:
      'Als uw organisatie die wil: stuur dit adres naar een beheerder bij de aanbieder.',
    scopes: 'Machtigingen (scopes)',
    copy: 'Kopiëren',
    copied: 'Gekopieerd',
    client_id: 'Client-id',
    client_secret: 'Clientgeheim',
    secret_ends: 'Laatste dag van het geheim',
    secret_ends_hint:
      'Zoals de console van de aanbieder die toont. Eigenaren en beheerders horen het 30, 7 en 1 dag ervoor.',
    secret_kept: 'Laat leeg om het bekende geheim te houden.',
    tenant: 'Tenant',
    tenant_hint: 'Laat “organizations” staan, tenzij maar één organisatie zich mag aanmelden.',
    from_config: 'Ingesteld in de configuratie van de server; alleen daar te wijzigen.',
    saved: '{provider} is ingericht',
    steps_google: [
      'Open de Google Cloud-console, kies of maak een project en zet de Gmail API aan.',
      'Kies bij “OAuth consent screen” Internal als alle mailboxen bij uw eigen Google Workspace horen, anders External, en voeg de machtigingen hieronder toe.',
      'Koos u External, druk dan op “Publish app”. Zolang de app op “Testing” staat, kunnen alleen testgebruikers koppelen en beëindigt Google elke aanmelding na 7 dagen: de mailbox staat dan stil tot iemand haar opnieuw koppelt. Na het publiceren kan Google waarschuwen dat het de app niet heeft geverifieerd: ga voor uw eigen mailboxen verder via “Advanced”.',
      'Maak bij “Credentials” een OAuth-client-id van het type “Web application” met de redirect-URI hieronder.',
      'Kopieer de client-id en het clientgeheim hierheen.',
    ],
    steps_microsoft: [
      'Open het Microsoft Entra-beheercentrum, “App registrations”, “New registration”.',
      'Kies wie zich mag aanmelden en voeg de redirect-URI hieronder toe voor het platform “Web”.',
      'Voeg bij “API permissions” de gedelegeerde machtigingen hieronder toe.',
      'Maak bij “Certificates & secrets” een clientgeheim. Kopieer de waarde en de application (client) ID hierheen.',
    ],
  },
  settings_group: {
    personal: 'Persoonlijk',
    organization: 'Organisatie',
    mail: 'E-mail',
    data: 'Gegevens en privacy',
  },
  narrow: {
    find: 'Zoek in deze lijst',
    none: 'Niets hier heeft deze woorden.',
    more: 'Meer tonen',
  },
  quarantine: {
    title: 'Quarantaine',
    intro:
      'Post die Loket niet kon verwerken. Ze wordt hier veilig bewaard; er gaat niets verloren.',
    empty: 'Niets in quarantaine',
    empty_text: 'Alle post kon worden verwerkt.',
    mailbox: 'Mailbox',
    any_mailbox: 'Alle mailboxen',
    why: 'Reden',
    any_reason: 'Alle redenen',
    day: 'Binnengekomen op',
    none: 'Geen mail in quarantaine voldoet hieraan',
    clear: 'Alles tonen',
    original: 'Origineel downloaden',
    retry: 'Opnieuw proberen',
    retried: 'Loket probeert deze mail opnieuw',
    more: 'Meer tonen',
    attempts: '{n} poging | {n} pogingen',
    reason: {
      nested_too_deep: 'Te diep genest',
      too_large: 'Te groot',
      header_too_large: 'De kop is te groot',
      too_many_headers: 'Te veel kopregels',
      empty: 'Leeg',
      panic: 'Liet de verwerking twee keer stoppen',
      unreadable: 'De mailserver geeft hem niet',
      tried_too_often: 'Liet de verwerking meermaals stoppen',
      other: 'Kon niet worden verwerkt',
    },
  },
}

export default office
