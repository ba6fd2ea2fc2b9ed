/** What comes one by one in lists of `size`; the last may be shorter. Takes no more than it has to give. */
export function* piecesOf<T>(items: Iterable<T>, size: number): Generator<readonly T[]> {
  let piece: T[] = [];
  for (const item of items) {
    piece.push(item);
    if (piece.length < size) continue;
    yield piece;
    piece = [];
  }
  if (piece.length > 0) yield piece;
}
