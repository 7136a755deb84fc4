/** The zone in which words like "tomorrow 9:00" are meant: the one that times are shown in. */
export const userZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone
