import { describe, expect, it } from 'vitest'
import { promisesFile } from './promised'

describe('promisesFile', () => {
  it.each([
    'I have attached the invoice.',
    'See the attachment below',
    'In de bijlage vindt u de factuur.',
    'De foto is bijgevoegd.',
    'Die Rechnung finden Sie im Anhang.',
    'Anbei die Unterlagen',
    'Vous trouverez ci-joint la facture',
    'Voir la pièce jointe.',
  ])('sees it in %j', (text) => {
    expect(promisesFile(text)).toBe(true)
  })

  it.each([
    'Thank you for your message.',
    'We zijn erg gehecht aan u.',
    '> In de bijlage vindt u de factuur.\n\nDank u wel.',
    'The unattachedness of things',
    'Le joint de la porte',
  ])('sees none in %j', (text) => {
    expect(promisesFile(text)).toBe(false)
  })
})
