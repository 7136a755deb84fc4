import { describe, expect, it } from 'vitest'
import { parseWhen, presets } from './when'

const ZONE = 'Europe/Amsterdam'
// A Wednesday, 10:30 in Amsterdam.
const NOW = new Date('2026-11-25T09:30:00Z')

/** What clocks in the zone show then. */
function shown(text: string, now = NOW, zone = ZONE): string | null {
  const at = parseWhen(text, now, zone)
  return at
    ? at.toLocaleString('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' })
    : null
}

describe('a while from now', () => {
  it.each([
    ['in 3 hours', '2026-11-25 13:30'],
    ['3 hours', '2026-11-25 13:30'],
    ['3h', '2026-11-25 13:30'],
    ['in an hour', '2026-11-25 11:30'],
    ['over een uur', '2026-11-25 11:30'],
    ['over 3 uur', '2026-11-25 13:30'],
    ['half an hour', '2026-11-25 11:00'],
    ['over een half uur', '2026-11-25 11:00'],
    ['in 45 minutes', '2026-11-25 11:15'],
    ['over 45 minuten', '2026-11-25 11:15'],
    ['in 2 days', '2026-11-27 09:00'],
    ['over 2 dagen', '2026-11-27 09:00'],
    ['over twee dagen', '2026-11-27 09:00'],
    ['in two weeks', '2026-12-09 09:00'],
    ['over 2 weken', '2026-12-09 09:00'],
    ['in a month', '2026-12-25 09:00'],
    ['over een maand', '2026-12-25 09:00'],
    ['in 2 days at 14:00', '2026-11-27 14:00'],
    ['over 2 dagen om 14:00', '2026-11-27 14:00'],
  ])('%s', (text, at) => {
    expect(shown(text)).toBe(at)
  })
})

describe('days that have a name', () => {
  it.each([
    ['tomorrow', '2026-11-26 09:00'],
    ['morgen', '2026-11-26 09:00'],
    ['Tomorrow 14:15', '2026-11-26 14:15'],
    ['tomorrow at 5pm', '2026-11-26 17:00'],
    ['tomorrow afternoon', '2026-11-26 13:00'],
    ['morgen om 8 uur', '2026-11-26 08:00'],
    ['morgenmiddag', '2026-11-26 13:00'],
    ['morgenavond', '2026-11-26 18:00'],
    ['overmorgen', '2026-11-27 09:00'],
    ['day after tomorrow', '2026-11-27 09:00'],
    ['tonight', '2026-11-25 18:00'],
    ['vanavond', '2026-11-25 18:00'],
    ['vanmiddag', '2026-11-25 13:00'],
    ['this afternoon', '2026-11-25 13:00'],
    ['today 16:00', '2026-11-25 16:00'],
    ['vandaag 16.00', '2026-11-25 16:00'],
    ['weekend', '2026-11-28 09:00'],
    ['dit weekend', '2026-11-28 09:00'],
    ['next weekend', '2026-12-05 09:00'],
    ['volgend weekend', '2026-12-05 09:00'],
    ['next week', '2026-11-30 09:00'],
    ['volgende week', '2026-11-30 09:00'],
    ['next month', '2026-12-01 09:00'],
    ['volgende maand', '2026-12-01 09:00'],
  ])('%s', (text, at) => {
    expect(shown(text)).toBe(at)
  })
})

describe('days of the week', () => {
  it.each([
    ['next tuesday 9:00', '2026-12-01 09:00'],
    ['volgende dinsdag 9:00', '2026-12-01 09:00'],
    ['next friday', '2026-12-04 09:00'],
    ['volgende vrijdag', '2026-12-04 09:00'],
    ['friday', '2026-11-27 09:00'],
    ['vrijdag', '2026-11-27 09:00'],
    ['komende vrijdag', '2026-11-27 09:00'],
    ['on friday at noon', '2026-11-27 12:00'],
    ['fri 5pm', '2026-11-27 17:00'],
    ['vr 17u30', '2026-11-27 17:30'],
    ['wednesday', '2026-12-02 09:00'],
    ['wednesday 17:00', '2026-11-25 17:00'],
    ['woensdag 9:00', '2026-12-02 09:00'],
    ['sunday', '2026-11-29 09:00'],
    ['next sunday', '2026-12-06 09:00'],
    ['monday 8', '2026-11-30 08:00'],
    ['donderdag half tien', '2026-11-26 09:30'],
    ['donderdag kwart over drie', '2026-11-26 15:15'],
    ['donderdag om drie uur', '2026-11-26 15:00'],
    ['9:00 next tuesday', '2026-12-01 09:00'],
  ])('%s', (text, at) => {
    expect(shown(text)).toBe(at)
  })
})

describe('dates and times', () => {
  it.each([
    ['1 december', '2026-12-01 09:00'],
    ['december 1', '2026-12-01 09:00'],
    ['1 dec 8:30', '2026-12-01 08:30'],
    ['op 3 januari', '2027-01-03 09:00'],
    ['november 3', '2027-11-03 09:00'],
    ['3 november 2028', '2028-11-03 09:00'],
    ['2026-12-24 17:00', '2026-12-24 17:00'],
    ['24-12', '2026-12-24 09:00'],
    ['24/12/2027', '2027-12-24 09:00'],
    ['14:00', '2026-11-25 14:00'],
    ['9:00', '2026-11-26 09:00'],
    ['om 9 uur', '2026-11-26 09:00'],
    ['at 3 pm', '2026-11-25 15:00'],
  ])('%s', (text, at) => {
    expect(shown(text)).toBe(at)
  })
})

it.each([
  '',
  'soon',
  'when I feel like it',
  'yesterday',
  'today 8:00',
  '31 february',
  '2025-01-01',
  'tomorrow 25:00',
  'tuesday tuesday',
  'in 3 bananas',
  'in 0 hours',
  'x'.repeat(200),
])('does not guess what %j means', (text) => {
  expect(parseWhen(text, NOW, ZONE)).toBeNull()
})

it('is meant in the zone of whoever writes', () => {
  expect(parseWhen('tomorrow 9:00', NOW, 'America/New_York')?.toISOString()).toBe(
    '2026-11-26T14:00:00.000Z',
  )
  // There it is the next day already.
  const late = new Date('2026-11-25T23:30:00Z')
  expect(shown('tomorrow', late, 'Asia/Tokyo')).toBe('2026-11-27 09:00')
  expect(shown('tomorrow', late, 'America/New_York')).toBe('2026-11-26 09:00')
})

it('keeps the time on the clock when clocks change', () => {
  const before = new Date('2026-10-24T08:00:00Z')
  expect(parseWhen('tomorrow 9:00', before, ZONE)?.toISOString()).toBe('2026-10-25T08:00:00.000Z')
  expect(parseWhen('today 12:00', before, ZONE)?.toISOString()).toBe('2026-10-24T10:00:00.000Z')
  // 2:30 does not happen on the day that clocks go forward.
  const spring = new Date('2027-03-27T08:00:00Z')
  expect(shown('tomorrow 2:30', spring)).toBe('2027-03-28 03:30')
})

it('takes the last day of a shorter month', () => {
  expect(shown('in 3 months', new Date('2026-11-30T09:00:00Z'))).toBe('2027-02-28 09:00')
})

it('offers what is still to come today', () => {
  const keys = (now: string) => presets(new Date(now), ZONE).map(({ key }) => key)
  expect(keys('2026-11-25T09:30:00Z')).toEqual([
    'later',
    'tonight',
    'tomorrow',
    'weekend',
    'next_week',
  ])
  expect(keys('2026-11-25T19:30:00Z')).toEqual(['tomorrow', 'weekend', 'next_week'])
  // On a Friday tomorrow is the weekend.
  expect(keys('2026-11-27T19:30:00Z')).toEqual(['tomorrow', 'next_week'])
  // In a weekend the next one is another, and comes after Monday.
  expect(keys('2026-11-28T19:30:00Z')).toEqual(['tomorrow', 'next_week', 'next_weekend'])
})
