import { HeldBytes } from './held-bytes.js';

/** What kind of body it is, and all of its bytes (without a byte order mark). */
export interface OpenedBody {
  readonly kind: 'lines' | 'array';
  readonly pieces: AsyncIterable<Buffer>;
}

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);
const openingBracket = 0x5b;
const noByte = -1;
const whiteSpace: ReadonlySet<number> = new Set([0x09, 0x0a, 0x0d, 0x20]);

/**
 * Looks at the first byte that is not white space, however the body is cut into pieces. A byte order mark, which
 * some programs write before UTF-8, is skipped. More white space than `maxBytes` counts as lines.
 */
export async function openBody(pieces: AsyncGenerator<Buffer>, maxBytes: number): Promise<OpenedBody> {
  const head = new HeldBytes();
  let blanks = 0;
  for (;;) {
    const next = await pieces.next();
    if (next.done !== true) head.add(next.value);
    const decide = next.done === true || head.length > maxBytes;
    if (!decide && isPartOfMark(head.bytes)) continue;
    const text = withoutMark(head.bytes);
    // Each byte is looked at once, however many pieces they come in.
    while (whiteSpace.has(text[blanks] ?? noByte)) blanks++;
    const first = text[blanks];
    if (first === undefined && !decide) continue;
    return { kind: first === openingBracket ? 'array' : 'lines', pieces: startingWith(text, pieces) };
  }
}

/** Whether a body that begins like this may go on as a byte order mark. */
function isPartOfMark(head: Buffer): boolean {
  return head.length < byteOrderMark.length && byteOrderMark.subarray(0, head.length).equals(head);
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
