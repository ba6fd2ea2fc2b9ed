import { StringDecoder } from 'node:string_decoder';
import { VerdictError } from '../../domain/errors.js';

/** A longer line is none of ours; without a bound it would be held in memory as a whole. */
const longestLine = 32 * 1024 * 1024;

/** The lines of a stream, one by one. A last line without its end counts as well. */
export async function* linesOf(stream: AsyncIterable<Uint8Array | string>): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const piece of stream) {
    const lines = (rest + (typeof piece === 'string' ? piece : decoder.write(Buffer.from(piece)))).split(
      '\n',
    );
    rest = lines.pop() ?? '';
    yield* lines;
    if (rest.length > longestLine) {
      throw new VerdictError(
        'invalid-input',
        `expected lines of at most ${longestLine} characters, got a longer one`,
      );
    }
  }
  rest += decoder.end();
  if (rest !== '') yield rest;
}
