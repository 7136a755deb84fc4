/** A small picture (BMP) whose colours come from a name: something to look at in place of a photo. */
export function pixel(name: string): ArrayBuffer {
  const side = 64
  const row = side * 3
  const buffer = new ArrayBuffer(54 + row * side)
  const view = new DataView(buffer)
  view.setUint16(0, 0x424d)
  view.setUint32(2, buffer.byteLength, true)
  view.setUint32(10, 54, true)
  view.setUint32(14, 40, true)
  view.setInt32(18, side, true)
  view.setInt32(22, side, true)
  view.setUint16(26, 1, true)
  view.setUint16(28, 24, true)
  const seed = [...name].reduce((sum, character) => sum + (character.codePointAt(0) ?? 0), 0)
  for (let y = 0; y < side; y += 1)
    for (let x = 0; x < side; x += 1) {
      const at = 54 + y * row + x * 3
      view.setUint8(at, (seed * 7 + x * 2) % 160)
      view.setUint8(at + 1, (seed * 3 + y * 2) % 180)
      view.setUint8(at + 2, (90 + seed + x + y) % 220)
    }
  return buffer
}
