import type { IncomingMessage } from 'node:http';
import type { WatchEvent } from './cluster-watch.js';
import { isRecord, readObject } from './read-object.js';

/** How one request of a watch ended. */
export type WatchEnd =
  /** In good order: the next one goes on from there. */
  | { readonly kind: 'ended'; readonly resourceVersion: string }
  /** What came since is not kept any more: all has to be listed anew. */
  | { readonly kind: 'expired' }
  | {
      readonly kind: 'failed';
      readonly reason: string;
      readonly resourceVersion: string;
      readonly isMissing: false;
      readonly retryAfterMs?: undefined;
    };

/** Reads the lines of a watch as they come, and tells what they say. Never rejects. */
export async function readWatch(
  body: IncomingMessage,
  from: string,
  onEvent: (event: WatchEvent) => void,
): Promise<WatchEnd> {
  let resourceVersion = from;
  const failed = (reason: string): WatchEnd => ({
    kind: 'failed',
    reason,
    resourceVersion,
    isMissing: false,
  });
  try {
    for await (const line of linesOf(body)) {
      if (line === '') continue;
      const event: unknown = JSON.parse(line);
      if (!isRecord(event)) return failed('a line of the watch is no event');
      if (event['type'] === 'ERROR') return refusedBy(event['object'], failed);
      const object = readAny(event['object']);
      if (object === undefined) return failed('a line of the watch has no object');
      resourceVersion = object.metadata.resourceVersion;
      if (event['type'] === 'ADDED' || event['type'] === 'MODIFIED') onEvent({ kind: 'changed', object });
      if (event['type'] === 'DELETED') onEvent({ kind: 'removed', object });
    }
  } catch (error) {
    return failed(error instanceof SyntaxError ? 'a line of the watch is not JSON' : 'the watch broke off');
  }
  return body.complete ? { kind: 'ended', resourceVersion } : failed('the watch broke off');
}

/** The lines; unlike readline's own iteration it fails where the connection breaks. */
async function* linesOf(body: IncomingMessage): AsyncGenerator<string> {
  body.setEncoding('utf8');
  let rest = '';
  for await (const chunk of body as AsyncIterable<string>) {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  yield rest;
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
