/** What kind of body it is, and all of its bytes (without a byte order mark). */
export interface OpenedBody {
  readonly kind: 'lines' | 'array';
  readonly pieces: AsyncIterable<Buffer>;
}

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);
const openingBracket = 0x5b;
const whiteSpace: ReadonlySet<number> = new Set([0x09, 0x0a, 0x0d, 0x20]);

/**
 * Looks at the first byte that is not white space, however the body is cut into pieces. A byte order mark, which
 * some programs write before UTF-8, is skipped. More white space than `maxBytes` counts as lines.
 */
export async function openBody(pieces: AsyncGenerator<Buffer>, maxBytes: number): Promise<OpenedBody> {
  let head = Buffer.alloc(0);
  for (;;) {
    const next = await pieces.next();
    if (next.done !== true) head = Buffer.concat([head, next.value]);
    const kind = kindOf(head, next.done === true || head.length > maxBytes);
    if (kind !== undefined) return { kind, pieces: startingWith(withoutMark(head), pieces) };
  }
}

/** The kind of a body that begins like this; undefined while more has to be seen. */
function kindOf(head: Buffer, decide: boolean): OpenedBody['kind'] | undefined {
  if (!decide && head.length < byteOrderMark.length && byteOrderMark.subarray(0, head.length).equals(head)) {
    return undefined;
  }
  const first = withoutMark(head).find((byte) => !whiteSpace.has(byte));
  if (first === undefined) return decide ? 'lines' : undefined;
  return first === openingBracket ? 'array' : 'lines';
}

function withoutMark(head: Buffer): Buffer {
  const marked = head.subarray(0, byteOrderMark.length).equals(byteOrderMark);
  return marked ? head.subarray(byteOrderMark.length) : head;
}

async function* startingWith(head: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield head;
    yield* rest;
  } finally {
    // Who stops at the head has not come to the rest, which would go on holding the request.
    await rest.return(undefined);
  }
}
