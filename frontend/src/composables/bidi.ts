// Letters written from right to left, and marks that turn the direction around: in a sentence they
// would move what stands beside them.
const TURNS =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u

/** A name that stands in a sentence without changing its order (Unicode UAX #9, isolates). */
export const isolated = (text: string): string => (TURNS.test(text) ? `\u2068${text}\u2069` : text)
