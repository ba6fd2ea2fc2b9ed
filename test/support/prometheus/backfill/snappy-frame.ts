/** The most that one literal with two bytes of length can hold. */
const largestLiteral = 65_536;

/**
 * Bytes in Snappy's block format, as remote write demands it, without compressing anything: the length of all, then
 * literals.
 */
export function snappyFrame(bytes: Uint8Array): Buffer {
  const parts: Uint8Array[] = [lengthOf(bytes.length)];
  for (let from = 0; from < bytes.length; from += largestLiteral) {
    const piece = bytes.subarray(from, from + largestLiteral);
    const tag = Buffer.alloc(3);
    // 61 in the upper six bits says that the length less one follows in two bytes; 00 in the lower two: a literal.
    tag.writeUInt8(61 << 2);
    tag.writeUInt16LE(piece.length - 1, 1);
    parts.push(tag, piece);
  }
  return Buffer.concat(parts);
}

function lengthOf(length: number): Uint8Array {
  const bytes: number[] = [];
  let rest = length;
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  bytes.push(rest);
  return Uint8Array.from(bytes);
}
