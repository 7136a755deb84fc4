import { useIntervalFn } from '@vueuse/core'
import { computed, readonly, ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { serverNow } from '@/api/clock'
import { dayOf, userZone } from './zone'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const now = ref(serverNow())
let ticking = false

/** The minute's clock, shared: times in lists stay true without a timer for each. */
function useNow() {
  if (!ticking) {
    ticking = true
    setInterval(() => {
      now.value = serverNow()
    }, 30_000)
  }
  return readonly(now)
}

function makeFormats(locale: string, timeZone: string) {
  const make = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale === 'nl' ? 'nl-NL' : 'en-GB', { ...options, timeZone })
  return {
    time: make({ hour: '2-digit', minute: '2-digit' }),
    weekday: make({ weekday: 'short' }),
    day: make({ day: 'numeric', month: 'short' }),
    year: make({ day: 'numeric', month: 'short', year: 'numeric' }),
    full: make({ dateStyle: 'full', timeStyle: 'short' }),
    date: make({ dateStyle: 'long' }),
    exact: make({
      day: 'numeric',
      month: 'long',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      timeZoneName: 'short',
    }),
    relative: new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' }),
  }
}

const formats = new Map<string, ReturnType<typeof makeFormats>>()

/** Shared: they are dear to make, and every row and card wants them. */
function formatsOf(locale: string, zone: string) {
  const key = `${locale} ${zone}`
  const known = formats.get(key) ?? makeFormats(locale, zone)
  formats.set(key, known)
  return known
}

/** Asked of the browser once a minute, not once for each time that is shown. */
const zone = computed(() => {
  void now.value
  return userZone()
})

export function useTimes() {
  const { locale } = useI18n()
  const current = useNow()
  const format = computed(() => formatsOf(locale.value, zone.value))

  /** Today 14:05, this week "Tue", this year "3 Mar", else with the year. */
  function short(at: string): string {
    const date = new Date(at)
    const [day, today] = [dayOf(date, zone.value), dayOf(current.value, zone.value)]
    if (day === today) return format.value.time.format(date)
    if (current.value - date.getTime() < 6 * DAY) return format.value.weekday.format(date)
    return day.slice(0, 4) === today.slice(0, 4)
      ? format.value.day.format(date)
      : format.value.year.format(date)
  }

  /** As short, with the time of day where the day is not today. */
  function medium(at: string): string {
    const text = short(at)
    const time = format.value.time.format(new Date(at))
    return text === time ? text : `${text} ${time}`
  }

  function full(at: string): string {
    return format.value.full.format(new Date(at))
  }

  /** A moment to come, as short as it is clear: today 14:05, else with the day. */
  function until(at: string): string {
    const date = new Date(at)
    const time = format.value.time.format(date)
    if (dayOf(date, zone.value) === dayOf(current.value, zone.value)) return time
    return `${format.value.weekday.format(date)} ${format.value.day.format(date)} ${time}`
  }

  /** The day alone, written out: 10 December 2026. */
  function date(at: string): string {
    return format.value.date.format(new Date(at))
  }

  /** For the record: day, time and zone. */
  function exact(at: string): string {
    return format.value.exact.format(new Date(at))
  }

  function ago(at: string): string {
    const difference = Date.parse(at) - current.value
    const size = Math.abs(difference)
    const { relative } = format.value
    if (size < HOUR) return relative.format(Math.round(difference / MINUTE), 'minute')
    if (size < DAY) return relative.format(Math.round(difference / HOUR), 'hour')
    return relative.format(Math.round(difference / DAY), 'day')
  }

  return { short, medium, until, full, date, exact, ago, now: current }
}

/** Whole seconds until a moment on the server's clock; 0 once it has passed. */
export function useSecondsUntil(moment: () => string | null) {
  const tick = ref(serverNow())
  useIntervalFn(() => {
    tick.value = serverNow()
  }, 250)
  return computed(() => {
    const at = moment()
    return at ? Math.max(0, Math.ceil((Date.parse(at) - tick.value) / 1_000)) : 0
  })
}
