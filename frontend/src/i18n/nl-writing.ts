// Schrijven: doorsturen, brieven, en wat een mail tegenhoudt.
import type { Messages } from '.'

export const writing: Messages['writing'] = {
  forward: 'Doorsturen',
  forward_key: 'Doorsturen',
  label_forward: 'Uw tekst boven de doorgestuurde mail',
  placeholder_forward: 'Schrijf er iets bij…',
  passed_on: 'Doorgestuurde mail',
  leave_behind: '{name} weglaten',
  take_along: '{name} meesturen',
  subject: 'Onderwerp',
  plain: 'Platte tekst',
  send_pending: 'Doorsturen, op wachtend zetten',
  send_anyway: 'Toch versturen',
  look_first: 'Eerst bekijken',
  news: 'Er kwam iets nieuws binnen terwijl u schreef | Er kwamen {n} nieuwe berichten binnen terwijl u schreef',
  news_stopped:
    'Nog niet verstuurd: er kwam iets nieuws binnen terwijl u schreef | Nog niet verstuurd: er kwamen {n} nieuwe berichten binnen terwijl u schreef',
  news_by: {
    inbound: '{name} schreef',
    outbound: '{name} antwoordde',
    note: '{name} noteerde',
  },
  file_missing: 'U schrijft over een bijlage, maar er is er geen.',
  new_ticket: 'Nieuw ticket',
  is_viewing: '{name} bekijkt dit',
  is_replying: '{name} schrijft een antwoord',
  send_snooze: 'Versturen en sluimeren tot',
  snooze: {
    tomorrow: 'Morgenochtend',
    three_days: 'Over drie dagen',
    next_week: 'Volgende maandag',
    other: 'Zelf een tijd kiezen…',
  },
  letter: {
    title: 'Nieuw ticket',
    from: 'Van',
    label: 'Uw mail',
    placeholder: 'Schrijf uw mail…',
    other:
      'Deze mail aan {names} is nog niet af. Verstuur of verwijder die; dan kunt u {name} schrijven.',
    error: 'Wat u aan het schrijven was kon niet worden geladen',
    no_mailbox: 'U hoort bij geen mailbox',
    no_mailbox_text:
      'Vraag een beheerder u aan een mailbox toe te voegen; dan kunt u ervandaan schrijven.',
  },
}
