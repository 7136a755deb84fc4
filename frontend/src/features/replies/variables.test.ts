import { describe, expect, it } from 'vitest'
import { fill, firstName, type Known } from './variables'

const known: Known = {
  customer: { name: 'Marieke de Vries' },
  agent: 'Sanne Bakker',
  ticket: 12,
  mailbox: 'Veldkeuken',
}

describe('fill', () => {
  it('puts in what is known', () => {
    const text =
      'Dag {{customer.first_name|daar}}, {{ticket.number}} {{ mailbox.name }} {{agent.name}}'
    expect(fill(text, known, 'text')).toBe('Dag Marieke, 12 Veldkeuken Sanne Bakker')
  })

  it('says the other words when it is not known, and nothing without them', () => {
    const nobody = { ...known, customer: null, ticket: null }
    expect(fill('Hi {{customer.first_name|there}}!', nobody, 'text')).toBe('Hi there!')
    expect(fill('[{{ticket.number}}]', nobody, 'text')).toBe('[]')
  })

  it('lets no name of a customer become HTML', () => {
    const evil = { ...known, customer: { name: '<img src=x onerror=alert(1)>' } }
    expect(fill('<p>{{customer.name}}</p>', evil, 'html')).toBe(
      '<p>&lt;img src=x onerror=alert(1)&gt;</p>',
    )
  })
})

describe('firstName', () => {
  it('is found in either order', () => {
    expect(['Piet Jansen', 'Jansen, Piet', '  ', null].map(firstName)).toEqual([
      'Piet',
      'Piet',
      '',
      '',
    ])
  })
})
