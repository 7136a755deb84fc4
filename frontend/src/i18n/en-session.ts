// Where one is signed in.
export const session = {
  title: 'Signed in',
  intro:
    'Browsers in which you are signed in. Loket keeps no addresses and no more of them than this.',
  current: 'This browser',
  used: 'Used {when}',
  since: 'since {when}',
  end: 'Sign out',
  end_of: 'Sign out: {device}',
  end_others: 'Sign out everywhere else',
  ended: 'Signed out there',
  device: '{browser}, {system}',
  browser: {
    firefox: 'Firefox',
    edge: 'Edge',
    opera: 'Opera',
    samsung: 'Samsung Internet',
    chrome: 'Chrome',
    safari: 'Safari',
    other: 'Another browser',
  },
  system: {
    windows: 'Windows',
    macos: 'macOS',
    iphone: 'iPhone',
    ipad: 'iPad',
    android: 'Android',
    chromeos: 'ChromeOS',
    linux: 'Linux',
    other: 'another system',
  },
}
