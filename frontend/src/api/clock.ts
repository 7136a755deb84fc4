// Countdowns run against the server's clock: this machine's may be wrong by minutes.
let offset = 0

export function noteServerDate(date: string | null): void {
  const server = date ? Date.parse(date) : Number.NaN
  if (Number.isNaN(server)) return
  // The header has whole seconds and is up to one second old: only correct what that cannot explain.
  const difference = server + 500 - Date.now()
  if (Math.abs(difference - offset) > 1_500) offset = Math.abs(difference) > 1_500 ? difference : 0
}

export function serverNow(): number {
  return Date.now() + offset
}
