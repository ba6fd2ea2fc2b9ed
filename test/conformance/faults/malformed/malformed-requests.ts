import fc from 'fast-check';
import type { Route } from '../../../../src/server/routes/route.js';
import { bodyBytes, fieldName, fieldText } from './malformed-values.js';
import type { SentRequest } from './sent-request.js';

/** A text without halves of characters, which no URL can hold. */
function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}

/** A text that may stand in a target or a header: visible characters. */
const visible = fc.stringMatching(/^[!-~]{1,40}$/);

const encodedText = fieldText.map((text) => encodeURIComponent(wellFormed(text)));

/** One segment of a path. */
const segment = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom('default', 'shop', 'v1', 'v2', 'nope', '..', '.', '%2e%2e', 'a%2Fb'),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      '%',
      '%zz',
      '%00',
      '%ff',
      '%c3%28',
      '%e2%82',
      '__proto__',
      '*',
      ':id',
      ';a=b',
      '~',
    ),
  },
  { weight: 2, arbitrary: encodedText.filter((text) => text !== '') },
);

const query = fc.oneof(
  { weight: 2, arbitrary: fc.constant('') },
  {
    weight: 5,
    arbitrary: fc
      .array(fc.tuple(fieldName, fieldText), { maxLength: 8 })
      .chain((pairs) =>
        fc
          .constantFrom('', 'model=shop&canary=v2&', 'model=shop&canary=v2&stable=v1&')
          .map(
            (known) =>
              `?${known}${new URLSearchParams(pairs.map(([name, value]): [string, string] => [wellFormed(name), wellFormed(value)])).toString()}`,
          ),
      ),
  },
  { weight: 2, arbitrary: fc.stringMatching(/^[!-"$-~]{0,60}$/).map((text) => `?${text}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('?', '?&&&', '?=', '?a[b]=c', '?a[]=1&a[]=2', '?%', '?a=%zz', '??'),
  },
);

/** Headers that a client may send, with values of all kinds. */
const header = fc.oneof(
  fc.tuple(
    fc.constantFrom(
      ...[
        'Content-Type',
        'Accept',
        'Accept-Encoding',
        'Authorization',
        'Cookie',
        'Origin',
        'Range',
        'If-None-Match',
      ],
      ...[
        'Idempotency-Key',
        'traceparent',
        'X-Request-Id',
        'X-Forwarded-For',
        'X-Forwarded-Proto',
        'User-Agent',
      ],
      ...[
        'ce-id',
        'ce-source',
        'ce-type',
        'ce-specversion',
        'ce-time',
        'ce-endpoint',
        'ce-inferenceservicename',
      ],
      ...['Content-Encoding', 'X-HTTP-Method-Override', 'Upgrade', 'Connection', 'Expect', 'TE', 'Forwarded'],
    ),
    fc.oneof(
      fc.constantFrom(
        ...[
          '',
          'application/json',
          'application/cloudevents+json',
          'text/html',
          'gzip',
          'br',
          'deflate',
          'identity',
        ],
        ...[
          '100-continue',
          'websocket',
          'close',
          'keep-alive',
          'Bearer x',
          'Basic eDp5',
          'bytes=0-1',
          '*',
          '1.0',
          'x',
        ],
        ...[
          '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
          'org.kubeflow.serving.inference.response',
        ],
      ),
      visible,
      fc.nat({ max: 400 }).map((length) => 'y'.repeat(length)),
    ),
  ),
  // Bytes above 127 are allowed in values.
  fc.tuple(
    fc.constantFrom('X-Other', 'Idempotency-Key', 'ce-subject'),
    fc.constantFrom('\u00e9\u00ff', '\u0080', ' a\tb '),
  ),
);

const usualHeaders = fc.array(header, { maxLength: 5 });

const cloudEvent = fc
  .tuple(
    fc.constantFrom('1.0', '0.3', '2', ''),
    fc.constantFrom(
      'org.kubeflow.serving.inference.response',
      'org.kubeflow.serving.inference.request',
      'io.seldon.serving.inference.response',
      'nope',
    ),
    fieldText,
  )
  .map(([version, type, id]): readonly (readonly [string, string])[] => [
    ['ce-specversion', version],
    ['ce-type', type],
    ['ce-source', 'test'],
    ['ce-id', encodeURIComponent(wellFormed(id))],
    ['Content-Type', 'application/json'],
  ]);

/** The path of a route, written in the ways that clients write it. */
function targetPath(route: Route): fc.Arbitrary<string> {
  const names = route.path.split('/').filter((name) => name.startsWith(':'));
  return fc.tuple(...names.map(() => segment)).map((segments) => {
    let index = 0;
    return route.path.replaceAll(/:\w+/g, () => segments[index++] ?? 'x');
  });
}

const methods = ['GET', 'POST', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY'];

/** Whether a route reads nothing of a request but its method and path: then these are what can be wrong. */
function isPlain({ get, post }: Route): boolean {
  return post === undefined && get?.query === undefined && get?.path === undefined;
}

/** Requests to a route that are HTTP, whatever else is wrong with them. */
export function malformedRequests(route: Route): fc.Arbitrary<SentRequest> {
  const own = [...(route.get === undefined ? [] : ['GET']), ...(route.post === undefined ? [] : ['POST'])];
  const method = fc.oneof(
    { weight: isPlain(route) ? 1 : 8, arbitrary: fc.constantFrom(...own) },
    { weight: 1, arbitrary: fc.constantFrom(...methods) },
  );
  const headers = route.path.startsWith('/v1/events')
    ? fc.tuple(cloudEvent, usualHeaders).map(([event, others]) => [...event, ...others])
    : usualHeaders;
  return fc
    .record({
      method,
      path: targetPath(route),
      query,
      headers,
      body: bodyBytes,
      framing: fc.constantFrom('length', 'length', 'length', 'chunked', 'none'),
    })
    .map(({ path, query: asked, ...rest }) => ({ ...rest, target: path + asked }));
}

/** What breaks the bytes of a request: the answer has to be one all the same. */
export const breakage: fc.Arbitrary<(bytes: Buffer) => Buffer> = fc.oneof(
  { weight: 12, arbitrary: fc.constant((bytes: Buffer) => bytes) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat({ max: 255 }))
      .map(([place, byte]) => (bytes: Buffer) => {
        const changed = Buffer.from(bytes);
        changed[Math.floor(place * (bytes.length - 1))] = byte;
        return changed;
      }),
  },
  {
    weight: 1,
    arbitrary: fc
      .double({ min: 0, max: 1, noNaN: true })
      .map((place) => (bytes: Buffer) => bytes.subarray(0, 1 + Math.floor(place * (bytes.length - 1)))),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(
        ...[
          'Content-Length: 5\r\nContent-Length: 6',
          'Content-Length: -1',
          'Content-Length: 1e3',
          'Expect: nothing',
        ],
        ...[
          'Transfer-Encoding: gzip, chunked',
          'Transfer-Encoding: nope',
          'NoColon',
          ': empty',
          'A B: c',
          'X: \u0000',
        ],
        ...[`X-Long: ${'z'.repeat(20_000)}`, 'Host: other', ' folded: x', 'X: a\rb'],
      )
      .map(
        (line) => (bytes: Buffer) =>
          Buffer.from(bytes.toString('latin1').replace('\r\n', `\r\n${line}\r\n`), 'latin1'),
      ),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('HTTP/1.0', 'HTTP/0.9', 'HTTP/2.0', 'HTTP/1.10', 'http/1.1', '')
      .map(
        (version) => (bytes: Buffer) =>
          Buffer.from(bytes.toString('latin1').replace('HTTP/1.1', version), 'latin1'),
      ),
  },
  {
    weight: 1,
    arbitrary: fc.constant((bytes: Buffer) =>
      Buffer.from(bytes.toString('latin1').replace('Host: localhost\r\n', ''), 'latin1'),
    ),
  },
);
