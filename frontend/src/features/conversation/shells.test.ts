import { expect, it } from 'vitest'
import { makeShell } from './shells'

it('names a frame before it has loaded: until then a screen reader would meet one without a name', () => {
  const place = document.createElement('div')
  void makeShell(place, 'Message')
  expect(place.querySelector('iframe')?.title).toBe('Message')
})
