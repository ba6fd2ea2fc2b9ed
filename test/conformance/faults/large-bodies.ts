const mebibyte = 1024 * 1024;

/** The same piece again and again, up to so many bytes. */
export function* repeated(piece: Buffer, bytes: number): Generator<Buffer> {
  for (let sent = 0; sent < bytes; sent += piece.length) {
    yield sent + piece.length <= bytes ? piece : piece.subarray(0, bytes - sent);
  }
}

/** A mebibyte of zeros: no line ever ends. */
export const zeros = Buffer.alloc(mebibyte);

/** A piece of valid lines that is about a mebibyte. */
export const validLines = Buffer.from(
  '{"model":"bomb","version":"v1","latencyMs":12,"prediction":0.5}\n'.repeat(16_000),
);

/** A piece of empty lines. */
export const emptyLines = Buffer.alloc(mebibyte, '\n');

/** A piece of the inside of a JSON array that never ends, behind its first bracket. */
export function* endlessArray(bytes: number): Generator<Buffer> {
  yield Buffer.from('[');
  yield* repeated(Buffer.from('{"model":"bomb","version":"v1"},'.repeat(32_000)), bytes);
}

/** Brackets that open and open, on one line. */
export const openBrackets = Buffer.alloc(mebibyte, '[');

/** So many lines in pieces, each made from its number. */
export function* numbered(count: number, line: (number: number) => string): Generator<Buffer> {
  for (let first = 0; first < count; first += 5000) {
    const lines = Array.from({ length: Math.min(5000, count - first) }, (_, index) => line(first + index));
    yield Buffer.from(lines.join('\n') + '\n');
  }
}
