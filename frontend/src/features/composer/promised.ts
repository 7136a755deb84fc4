// Whether somebody writes of a file that goes along. Only their own words count, none that they quote.
const WORDS = new RegExp(
  String.raw`(?<![\p{L}\p{N}])(?:` +
    [
      // English
      'attached',
      'attachments?',
      'attaching',
      'enclosed',
      // Dutch
      'bijlagen?',
      'bijgevoegde?',
      'bijgesloten',
      'toegevoegde bestand(?:en)?',
      'in de bijlage',
      // German
      'anhang',
      'anhänge',
      'angehängte?[nrs]?',
      'beigefügte?[nrs]?',
      'im anhang',
      'anbei',
      // French
      'ci-joint(?:e?s?)',
      'pièces? jointes?',
      'en annexe',
      'joint à ce (?:mail|message|courriel)',
    ].join('|') +
    String.raw`)(?![\p{L}\p{N}])`,
  'iu',
)

/** `text` is plain: what is quoted stands behind `>`. */
export function promisesFile(text: string): boolean {
  return text.split('\n').some((line) => !line.startsWith('>') && WORDS.test(line))
}
