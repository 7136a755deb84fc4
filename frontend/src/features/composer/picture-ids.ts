/** What every mail program shows within a text; others go as files. */
const SHOWN = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp'])

export const isPicture = ({ type }: Pick<File, 'type'>) => SHOWN.has(type)

/** The uploads that an answer's HTML shows. */
export function pictureIds(html: string): Set<string> {
  return new Set([...html.matchAll(/src="cid:([\w-]+)"/g)].map(([, id]) => id ?? ''))
}
