// Waar men is ingelogd.
export const session = {
  title: 'Ingelogd',
  intro:
    'Browsers waarin u bent ingelogd. Loket bewaart geen adressen, en niet meer van ze dan dit.',
  current: 'Deze browser',
  used: '{when} gebruikt',
  since: 'sinds {when}',
  end: 'Uitloggen',
  end_of: 'Uitloggen: {device}',
  end_others: 'Overal elders uitloggen',
  ended: 'Daar uitgelogd',
  device: '{browser}, {system}',
  browser: {
    firefox: 'Firefox',
    edge: 'Edge',
    opera: 'Opera',
    samsung: 'Samsung Internet',
    chrome: 'Chrome',
    safari: 'Safari',
    other: 'Een andere browser',
  },
  system: {
    windows: 'Windows',
    macos: 'macOS',
    iphone: 'iPhone',
    ipad: 'iPad',
    android: 'Android',
    chromeos: 'ChromeOS',
    linux: 'Linux',
    other: 'een ander systeem',
  },
}
