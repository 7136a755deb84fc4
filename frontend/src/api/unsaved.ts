// What is being written and not yet saved. Whoever makes the server join drafts saves these first.
const unsaved = new Set<() => Promise<void>>()

export function onSettle(save: () => Promise<void>): () => void {
  unsaved.add(save)
  return () => unsaved.delete(save)
}

export async function settle(): Promise<void> {
  await Promise.all([...unsaved].map((save) => save()))
}
