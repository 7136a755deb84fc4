// A time as people write it, in English and Dutch: "next tuesday 9:00", "in 3 hours", "over 2 dagen".
// Pure: it is given the present moment and the zone that the words are meant in. Whatever is not
// understood to the last word is refused, and what is past as well.

/** A day without a time is meant in the morning. */
const MORNING: Time = [9, 0]
const AFTERNOON: Time = [13, 0]
const EVENING: Time = [18, 0]

type Time = [hour: number, minute: number]

interface Day {
  year: number
  month: number
  day: number
}

interface Wall extends Day {
  hour: number
  minute: number
}

const WEEKDAYS = [
  ['sunday', 'sun', 'zondag', 'zo'],
  ['monday', 'mon', 'maandag', 'ma'],
  ['tuesday', 'tue', 'tues', 'dinsdag', 'di'],
  ['wednesday', 'wed', 'woensdag', 'wo'],
  ['thursday', 'thu', 'thur', 'thurs', 'donderdag', 'do'],
  ['friday', 'fri', 'vrijdag', 'vr'],
  ['saturday', 'sat', 'zaterdag', 'za'],
]

const MONTHS = [
  ['january', 'jan', 'januari'],
  ['february', 'feb', 'februari'],
  ['march', 'mar', 'maart', 'mrt'],
  ['april', 'apr'],
  ['may', 'mei'],
  ['june', 'jun', 'juni'],
  ['july', 'jul', 'juli'],
  ['august', 'aug', 'augustus'],
  ['september', 'sep', 'sept'],
  ['october', 'oct', 'oktober', 'okt'],
  ['november', 'nov'],
  ['december', 'dec'],
]

const NUMBERS: Record<string, number> = {
  a: 1, an: 1, one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9,
  ten: 10, eleven: 11, twelve: 12, een: 1, één: 1, twee: 2, drie: 3, vier: 4, vijf: 5, zes: 6,
  zeven: 7, acht: 8, negen: 9, tien: 10, elf: 11, twaalf: 12,
} // prettier-ignore

const NUMBER = String.raw`\d{1,3}|${Object.keys(NUMBERS).join('|')}`

const UNITS: [words: string, unit: 'minute' | 'hour' | 'day' | 'week' | 'month'][] = [
  ['minutes?|mins?|minuten|minuut|m', 'minute'],
  ['hours?|hrs?|uur|uren|uurtje|h|u', 'hour'],
  ['days?|dag|dagen|dagje|d', 'day'],
  ['weeks?|weken|weekje|w', 'week'],
  ['months?|maand|maanden', 'month'],
]

const HOURS_OF_WORDS = 'een|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf'

/** The moment that is meant, or null. */
export function parseWhen(text: string, now: Date, zone: string): Date | null {
  const words = text
    .toLowerCase()
    .replace(/[,;!?]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  if (!words || words.length > 80) return null
  const at = soon(words, now) ?? onDay(words, now, zone)
  return at && at.getTime() > now.getTime() ? at : null
}

/** Minutes and hours from now: no zone matters. */
function soon(words: string, now: Date): Date | null {
  const half = /^(?:in |over )?(?:half an hour|een half uur|half uur|half uurtje)$/.test(words)
  if (half) return new Date(now.getTime() + 30 * 60_000)
  const found = new RegExp(`^(?:in |over )?(${NUMBER}) ?([a-z]+)$`).exec(words)
  if (!found?.[1] || !found[2]) return null
  const unit = unitOf(found[2])
  const minutes = unit === 'minute' ? 1 : unit === 'hour' ? 60 : 0
  return minutes ? new Date(now.getTime() + count(found[1]) * minutes * 60_000) : null
}

function onDay(words: string, now: Date, zone: string): Date | null {
  const today = wallClock(now, zone)
  const { time, rest } = takeTime(words)
  const to = (day: Day, fallback: Time = MORNING) => instant(day, time ?? fallback, zone)
  if (!rest) {
    if (!time) return null
    const at = to(today)
    return at.getTime() > now.getTime() ? at : to(plus(today, 1))
  }
  const named = namedDay(rest, today)
  if (named) return to(named.day, named.time)
  return weekday(rest, today, time, now, zone) ?? dated(rest, today, to, now)
}

function namedDay(rest: string, today: Day): { day: Day; time?: Time } | null {
  if (/^(today|vandaag)$/.test(rest)) return { day: today }
  if (/^(this afternoon|vanmiddag)$/.test(rest)) return { day: today, time: AFTERNOON }
  if (/^(tonight|this evening|vanavond)$/.test(rest)) return { day: today, time: EVENING }
  if (/^(tomorrow|tmrw|morgen|morgenochtend)$/.test(rest)) return { day: plus(today, 1) }
  if (rest === 'morgenmiddag') return { day: plus(today, 1), time: AFTERNOON }
  if (rest === 'morgenavond') return { day: plus(today, 1), time: EVENING }
  if (/^((the )?day after tomorrow|overmorgen)$/.test(rest)) return { day: plus(today, 2) }
  if (/^((this |the |dit |het |komend |in het )?weekend)$/.test(rest))
    return { day: plus(today, (6 - dayOfWeek(today) + 7) % 7 || 7) }
  if (/^(next|volgend) weekend$/.test(rest)) return { day: plus(nextMonday(today), 5) }
  if (/^(next week|volgende week)$/.test(rest)) return { day: nextMonday(today) }
  if (/^(next month|volgende maand)$/.test(rest))
    return { day: normal({ year: today.year, month: today.month + 1, day: 1 }) }
  const found = new RegExp(`^(?:in |over )?(${NUMBER}) ?([a-z]+)$`).exec(rest)
  if (!found?.[1] || !found[2]) return null
  const n = count(found[1])
  const unit = unitOf(found[2])
  if (unit === 'day') return { day: plus(today, n) }
  if (unit === 'week') return { day: plus(today, n * 7) }
  if (unit === 'month') return { day: monthsLater(today, n) }
  return null
}

/** "Next tuesday" is the one of next week; "tuesday" the first to come. */
function weekday(
  rest: string,
  today: Day,
  time: Time | null,
  now: Date,
  zone: string,
): Date | null {
  const found =
    /^(?:(next|volgende|on|op|this|deze|coming|komende|aanstaande|a\.s\.) )?([a-z]+)$/.exec(rest)
  const wanted = WEEKDAYS.findIndex((names) => names.includes(found?.[2] ?? ''))
  if (!found || wanted < 0) return null
  const at = (day: Day) => instant(day, time ?? MORNING, zone)
  if (found[1] === 'next' || found[1] === 'volgende')
    return at(plus(nextMonday(today), (wanted + 6) % 7))
  const ahead = (wanted - dayOfWeek(today) + 7) % 7
  const first = at(plus(today, ahead))
  return ahead > 0 || (time && first.getTime() > now.getTime()) ? first : at(plus(today, 7))
}

function dated(rest: string, today: Day, to: (day: Day) => Date, now: Date): Date | null {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(rest)
  if (iso) return exactly(Number(iso[1]), Number(iso[2]), Number(iso[3]), to)
  const digits = /^(?:on |op )?(\d{1,2})[-/.](\d{1,2})(?:[-/.](\d{2}|\d{4}))?$/.exec(rest)
  const dayFirst =
    /^(?:on |op )?(?:the )?(\d{1,2})(?:st|nd|rd|th|e)?(?: of)? ([a-z]+)\.?(?: (\d{4}))?$/.exec(rest)
  const monthFirst = /^(?:on )?([a-z]+)\.? (\d{1,2})(?:st|nd|rd|th)?(?: (\d{4}))?$/.exec(rest)
  let of: [day: number, month: number, year: string | undefined] | null = null
  if (digits) of = [Number(digits[1]), Number(digits[2]), digits[3]]
  else if (dayFirst) of = [Number(dayFirst[1]), monthOf(dayFirst[2]), dayFirst[3]]
  else if (monthFirst) of = [Number(monthFirst[2]), monthOf(monthFirst[1]), monthFirst[3]]
  if (!of) return null
  const [day, month, written] = of
  if (written) return exactly(Number(written) + (written.length === 2 ? 2000 : 0), month, day, to)
  const first = exactly(today.year, month, day, to)
  return first && first.getTime() > now.getTime() ? first : exactly(today.year + 1, month, day, to)
}

function exactly(year: number, month: number, day: number, to: (day: Day) => Date): Date | null {
  const wanted = { year, month, day }
  const real = normal(wanted)
  return real.month === month && real.day === day ? to(real) : null
}

/** Takes the time of day out of the words. */
function takeTime(words: string): { time: Time | null; rest: string } {
  const patterns: [RegExp, (found: RegExpExecArray) => Time | null][] = [
    [/(?:^| )(?:at |om )?(\d{1,2})[:.](\d{2}) ?(am|pm)?(?: uur)?(?= |$)/, (f) => clock(f[1], f[2], f[3])],
    [/(?:^| )(?:at |om )?(\d{1,2})[uh](\d{2})?(?= |$)/, (f) => clock(f[1], f[2])],
    [/(?:^| )(?:at |om )?(\d{1,2}) ?(am|pm)(?= |$)/, (f) => clock(f[1], '0', f[2])],
    [/(?:^| )(?:om )?(\d{1,2}) uur(?= |$)/, (f) => clock(f[1], '0')],
    [/(?:^| )(?:at|om) (\d{1,2})(?= |$)/, (f) => clock(f[1], '0')],
    [new RegExp(`(?:^| )(?:om )?half (${HOURS_OF_WORDS}|\\d{1,2})(?= |$)`), (f) => before(f[1], 30)],
    [new RegExp(`(?:^| )(?:om )?kwart over (${HOURS_OF_WORDS}|\\d{1,2})(?= |$)`), (f) => before(f[1], -15)],
    [new RegExp(`(?:^| )(?:om )?kwart voor (${HOURS_OF_WORDS}|\\d{1,2})(?= |$)`), (f) => before(f[1], 15)],
    [new RegExp(`(?:^| )om (${HOURS_OF_WORDS})(?: uur)?(?= |$)`), (f) => before(f[1], 0)],
    [/(?:^| )(?:at )?noon(?= |$)/, () => [12, 0]],
    [/(?<=.) (?:in the |'s )?(?:morning|ochtends?)(?= |$)/, () => MORNING],
    [/(?<=.) (?:in the |'s )?(?:afternoon|middags?)(?= |$)/, () => AFTERNOON],
    [/(?<=.) (?:in the |'s )?(?:evening|avonds?)(?= |$)/, () => EVENING],
  ] // prettier-ignore
  // These are days, whose words only look like a time of day.
  if (/^(this afternoon|this evening)$/.test(words)) return { time: null, rest: words }
  // "17 uur" is a time, "over 17 uur" a while: that was looked at before.
  for (const [pattern, read] of patterns) {
    const found = pattern.exec(words)
    const time = found && read(found)
    if (!found || !time) continue
    const rest = words.slice(0, found.index) + words.slice(found.index + found[0].length)
    return { time, rest: rest.replace(/\s+/g, ' ').trim() }
  }
  // "next tuesday 9", but not "1 december": a bare number only after a name of a day.
  const bare = /^(.*[a-z]) (\d{1,2})$/.exec(words)
  if (bare?.[1] && monthOf(bare[1].split(' ').at(-1)) === 0) {
    const time = clock(bare[2], '0')
    if (time) return { time, rest: bare[1] }
  }
  return { time: null, rest: words }
}

function clock(hour?: string, minute?: string, half?: string): Time | null {
  let h = Number(hour)
  const m = Number(minute ?? 0)
  if (half) {
    if (h < 1 || h > 12) return null
    h = (h % 12) + (half === 'pm' ? 12 : 0)
  }
  return h <= 23 && m <= 59 ? [h, m] : null
}

/** So many minutes before an hour that is named. Small hours are meant in the afternoon. */
function before(hour: string | undefined, minutes: number): Time | null {
  const h = Number(hour) || NUMBERS[hour ?? ''] || 0
  if (h < 1 || h > 24) return null
  const day = h <= 6 && !Number(hour) ? h + 12 : h
  const total = day * 60 - minutes
  return [Math.floor(total / 60) % 24, total % 60]
}

const count = (word: string) => NUMBERS[word] ?? Number(word)

const unitOf = (word: string) =>
  UNITS.find(([words]) => new RegExp(`^(?:${words})$`).test(word))?.[1] ?? null

const monthOf = (word: string | undefined) =>
  MONTHS.findIndex((names) => names.includes(word ?? '')) + 1

/** Days that no month has run over into the next. */
function normal({ year, month, day }: Day): Day {
  const at = new Date(Date.UTC(year, month - 1, day))
  return { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() }
}

const plus = (day: Day, days: number): Day => normal({ ...day, day: day.day + days })

function monthsLater(day: Day, months: number): Day {
  const first = normal({ year: day.year, month: day.month + months, day: 1 })
  const last = normal({ year: first.year, month: first.month + 1, day: 0 }).day
  return { ...first, day: Math.min(day.day, last) }
}

const dayOfWeek = ({ year, month, day }: Day) =>
  new Date(Date.UTC(year, month - 1, day)).getUTCDay()

const nextMonday = (today: Day): Day => plus(today, 7 - ((dayOfWeek(today) + 6) % 7))

/** What clocks show in the zone. */
export function wallClock(at: Date, zone: string): Wall {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  }).formatToParts(at)
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value)
  return {
    year: of('year'),
    month: of('month'),
    day: of('day'),
    hour: of('hour'),
    minute: of('minute'),
  }
}

/** When clocks in the zone show this. In the hour that is left out in spring: an hour later. */
export function instant(day: Day, [hour, minute]: Time, zone: string): Date {
  const shown = Date.UTC(day.year, day.month - 1, day.day, hour, minute)
  let at = shown
  for (let round = 0; round < 2; round++) {
    const wall = wallClock(new Date(at), zone)
    const seen = Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute)
    at += shown - seen
  }
  return new Date(at)
}

export interface Preset {
  key: 'later' | 'tonight' | 'tomorrow' | 'weekend' | 'next_weekend' | 'next_week'
  at: Date
}

/** What is offered without writing anything, the soonest first. */
export function presets(now: Date, zone: string): Preset[] {
  const today = wallClock(now, zone)
  const isWeekend = [0, 6].includes(dayOfWeek(today))
  const wanted: [Preset['key'], string][] = [
    ['later', 'in 3 hours'],
    ['tonight', 'tonight'],
    ['tomorrow', 'tomorrow'],
    [isWeekend ? 'next_weekend' : 'weekend', 'weekend'],
    ['next_week', 'next week'],
  ]
  const late = today.hour
  const found = wanted.flatMap(([key, words]) => {
    // In the evening, "later today" is tomorrow.
    if ((key === 'later' && late >= 18) || (key === 'tonight' && late >= 15)) return []
    const at = parseWhen(words, now, zone)
    return at ? [{ key, at }] : []
  })
  found.sort((a, b) => a.at.getTime() - b.at.getTime())
  return once(found, ({ at }) => at)
}

/** On a Friday, tomorrow is the weekend: the same moment is offered under its first name. */
export function once<T>(offers: T[], at: (offer: T) => Date): T[] {
  return offers.filter(
    (offer, n) =>
      !offers.slice(0, n).some((earlier) => at(earlier).getTime() === at(offer).getTime()),
  )
}
