import type { IncomingMessage } from 'node:http';
import type { WatchEvent } from './cluster-watch.js';
import { isRecord, readObject } from './read-object.js';

/** How one request of a watch ended. */
export type WatchEnd =
  /** In good order: the next one goes on from there. */
  | { readonly kind: 'ended'; readonly resourceVersion: string; readonly isEmpty: boolean }
  /** What came since is not kept any more: all has to be listed anew. */
  | { readonly kind: 'expired' }
  | {
      readonly kind: 'failed';
      readonly reason: string;
      readonly resourceVersion: string;
      /** Nothing had come. */
      readonly isEmpty: boolean;
      readonly isMissing: false;
      readonly retryAfterMs?: undefined;
    };

/** An object has a megabyte or two at most. */
const longestLine = 16 * 1024 * 1024;

/**
 * Reads the lines of a watch as they come, and tells what they say. Never rejects.
 * @param onBytes is called whenever something comes
 */
export async function readWatch(
  body: IncomingMessage,
  from: string,
  onEvent: (event: WatchEvent) => void,
  onBytes: () => void,
): Promise<WatchEnd> {
  let resourceVersion = from;
  let isEmpty = true;
  const failed = (reason: string): WatchEnd => ({
    kind: 'failed',
    reason,
    resourceVersion,
    isEmpty,
    isMissing: false,
  });
  try {
    for await (const line of linesOf(body, onBytes)) {
      if (line === '') continue;
      const event: unknown = JSON.parse(line);
      if (!isRecord(event)) return failed('a line of the watch is no event');
      if (event['type'] === 'ERROR') return refusedBy(event['object'], failed);
      const object = readAny(event['object']);
      if (object === undefined) return failed('a line of the watch has no object');
      resourceVersion = object.metadata.resourceVersion;
      isEmpty = false;
      if (event['type'] === 'ADDED' || event['type'] === 'MODIFIED') onEvent({ kind: 'changed', object });
      if (event['type'] === 'DELETED') onEvent({ kind: 'removed', object });
    }
  } catch (error) {
    if (error instanceof LineTooLong) return failed(error.message);
    return failed(error instanceof SyntaxError ? 'a line of the watch is not JSON' : 'the watch broke off');
  }
  return body.complete ? { kind: 'ended', resourceVersion, isEmpty } : failed('the watch broke off');
}

/** The lines; unlike readline's own iteration it fails where the connection breaks. */
async function* linesOf(body: IncomingMessage, onBytes: () => void): AsyncGenerator<string> {
  body.setEncoding('utf8');
  let rest: string[] = [];
  let length = 0;
  for await (const chunk of body as AsyncIterable<string>) {
    onBytes();
    const [first = '', ...more] = chunk.split('\n');
    rest.push(first);
    length += first.length;
    if (length > longestLine) throw new LineTooLong();
    if (more.length === 0) continue;
    const last = more.pop() ?? '';
    yield rest.join('');
    yield* more;
    rest = [last];
    ({ length } = last);
  }
  yield rest.join('');
}

class LineTooLong extends Error {
  constructor() {
    super(`a line of the watch is longer than ${longestLine} bytes`);
  }
}

/** A bookmark has no name. */
function readAny(value: unknown) {
  if (!isRecord(value) || !isRecord(value['metadata'])) return undefined;
  return readObject({ ...value, metadata: { name: '', uid: '', ...value['metadata'] } });
}

function refusedBy(status: unknown, failed: (reason: string) => WatchEnd): WatchEnd {
  if (!isRecord(status)) return failed('the watch ended with an error');
  if (status['code'] === 410) return { kind: 'expired' };
  return failed(
    typeof status['message'] === 'string'
      ? status['message']
      : `the watch ended with ${String(status['code'])}`,
  );
}
