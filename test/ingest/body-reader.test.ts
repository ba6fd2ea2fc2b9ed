import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { BodyItem } from '../../src/ingest/body-item.js';
import { readBody } from '../../src/ingest/body-reader.js';
import { defaultIngestLimits, type IngestLimits } from '../../src/ingest/ingest-limits.js';
import { bodyOf } from './support.js';

async function read(
  pieces: readonly (string | Uint8Array)[],
  limits: Partial<IngestLimits> = {},
): Promise<readonly BodyItem[]> {
  const items: BodyItem[] = [];
  for await (const batch of readBody(bodyOf(...pieces), { ...defaultIngestLimits, ...limits }))
    items.push(...batch);
  return items;
}

/** The bytes cut at the given places. */
function cut(bytes: Buffer, places: readonly number[]): readonly Buffer[] {
  const at = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...at, bytes.length].map((end, index) => bytes.subarray(at[index - 1] ?? 0, end));
}

const noObject = 'expected one JSON object, got something that does not begin with "{"';
const noJson = 'expected one JSON object, got something that is no JSON';

describe('readBody', () => {
  it('reads lines, with CR LF, blank lines and without a last newline', async () => {
    assert.deepEqual(await read(['{"a":1}\r\n\n \t\r\n \t{"b":2}\n{"c":[3]}']), [
      { line: 1, value: { a: 1 } },
      { line: 4, value: { b: 2 } },
      { line: 5, value: { c: [3] } },
    ]);
  });

  it('reads nothing from nothing', async () => {
    for (const body of [[], [''], ['\n'], [' \r\n\n'], ['\u{feff}']]) assert.deepEqual(await read(body), []);
    assert.deepEqual(await read(['[]']), []);
  });

  it('reads an array, whatever white space is before it, and numbers its elements', async () => {
    assert.deepEqual(await read([' \n\t', '[{"a":1},\n', '2, null]\n']), [
      { line: 1, value: { a: 1 } },
      { line: 2, value: 2 },
      { line: 3, value: null },
    ]);
    const many = Array.from({ length: 2500 }, (_, index) => index);
    assert.deepEqual(
      await read([JSON.stringify(many)]),
      many.map((value) => ({ line: value + 1, value })),
    );
  });

  it('skips a byte order mark, also one that is cut', async () => {
    const mark = Buffer.from([0xef, 0xbb, 0xbf]);
    const pieces = [mark.subarray(0, 1), mark.subarray(1, 2), mark.subarray(2), Buffer.from('{"a":1}')];
    assert.deepEqual(await read(pieces), [{ line: 1, value: { a: 1 } }]);
    assert.deepEqual(await read([mark, '[1]']), [{ line: 1, value: 1 }]);
  });

  it('names lines that are no JSON, without quoting them', async () => {
    assert.deepEqual(await read(['{"secret":1\n{"a":1}\nnonsense\n"text"\n[3]\n{"b":2}{"c":3}\n']), [
      { line: 1, problem: noJson },
      { line: 2, value: { a: 1 } },
      { line: 3, problem: noObject },
      { line: 4, problem: noObject },
      { line: 5, problem: noObject },
      { line: 6, problem: noJson },
    ]);
  });

  it('names lines that are no UTF-8, and takes a replacement character that stands there by right', async () => {
    const bytes = Buffer.concat([
      Buffer.from('{"a":"\ufffd"}\n{"b":"'),
      Buffer.from([0xc3, 0x28]),
      Buffer.from('"}\n{"c":"\u{1f600}"}\n'),
    ]);
    assert.deepEqual(await read([bytes]), [
      { line: 1, value: { a: '\ufffd' } },
      { line: 2, problem: 'expected text in UTF-8' },
      { line: 3, value: { c: '\u{1f600}' } },
    ]);
  });

  it('names lines that are too long, and goes on after them', async () => {
    const long = `{"a":"${'x'.repeat(40)}"}`;
    const problem = 'expected a line of at most 30 bytes';
    const pieces = [long.slice(0, 20), long.slice(20), '\n{"b":1}\n', `${long}\n`, '{"c":2}\n', long];
    assert.deepEqual(await read(pieces, { maxLineBytes: 30 }), [
      { line: 1, problem },
      { line: 2, value: { b: 1 } },
      { line: 3, problem },
      { line: 4, value: { c: 2 } },
      { line: 5, problem },
    ]);
  });

  it('measures lines in bytes', async () => {
    const line = '{"ä":1}';
    assert.deepEqual(await read([line], { maxLineBytes: 8 }), [{ line: 1, value: { ä: 1 } }]);
    assert.deepEqual(await read([line], { maxLineBytes: 7 }), [
      { line: 1, problem: 'expected a line of at most 7 bytes' },
    ]);
  });

  it('refuses a body that is too large', async () => {
    const limits = { maxBodyBytes: 100 };
    assert.equal((await read(['1\n2\n3\n', '4\n5\n6\n'], limits)).length, 6);
    for (const body of ['1\n'.repeat(60), `[${'1,'.repeat(60)}1]`]) {
      await assert.rejects(read([body], limits), { code: 'too-large', message: /100 bytes/ });
    }
  });

  it('hands elements of an array on before its end has come', async () => {
    let sent = 0;
    async function* body(): AsyncGenerator<string> {
      for (const piece of ['[{"a":1},', '{"a":2},', '{"a":3}]']) {
        sent++;
        yield await Promise.resolve(piece);
      }
    }
    const seen: (readonly [sent: number, items: number])[] = [];
    for await (const items of readBody(body(), defaultIngestLimits)) seen.push([sent, items.length]);
    assert.deepEqual(seen, [
      [1, 1],
      [2, 1],
      [3, 1],
    ]);
  });

  it('ends an array that never ends at its first element too many', async () => {
    async function* endless(): AsyncGenerator<string> {
      yield '[';
      for (;;) yield await Promise.resolve('[],'.repeat(1000));
    }
    const reading = async () => {
      for await (const items of readBody(endless(), { ...defaultIngestLimits, maxLines: 5000 }))
        assert.ok(items.length <= 1000);
    };
    await assert.rejects(reading(), { code: 'too-large', message: /ingest\.linesLimit/ });
  });

  it('refuses an array that is none, without quoting it', async () => {
    for (const body of ['[{"secret":1}', '[1] [2]', '[1,]', Buffer.from([0x5b, 0x22, 0xff, 0x22, 0x5d])]) {
      await assert.rejects(read([body]), (error: Error & { code?: string }) => {
        assert.equal(error.code, 'invalid-input');
        assert.match(error.message, /not one JSON array/);
        assert.doesNotMatch(error.message, /secret/);
        return true;
      });
    }
  });

  it('says that a body broke off', async () => {
    async function* broken(): AsyncGenerator<string> {
      yield await Promise.resolve('{"a":1}\n');
      throw new Error('ECONNRESET');
    }
    const reading = async () => {
      for await (const items of readBody(broken(), defaultIngestLimits)) assert.ok(items.length <= 1);
    };
    await assert.rejects(reading(), { code: 'invalid-input', message: /ended before it was complete/ });
  });

  it('gives the same for any way of cutting the body into pieces', async () => {
    const valid = fc.oneof(
      fc.json(),
      fc.constantFrom(
        '',
        ' ',
        '\r',
        '{"name":"Zürich 東京 \u{1f6b2}"}',
        '{"a":1}\r',
        'x'.repeat(70),
        'ä'.repeat(33),
      ),
      fc.string({ unit: 'binary', maxLength: 12 }),
    );
    const line = fc.oneof(
      { weight: 6, arbitrary: valid.map((text) => Buffer.from(text)) },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes)) },
    );
    const body = fc
      .tuple(fc.boolean(), fc.array(line, { maxLength: 12 }), fc.boolean())
      .map(([mark, lines, last]) =>
        Buffer.concat([
          mark ? Buffer.from([0xef, 0xbb, 0xbf]) : Buffer.alloc(0),
          ...lines.flatMap((one, index) => (index === 0 ? [one] : [Buffer.from('\n'), one])),
          Buffer.from(last ? '\n' : ''),
        ]),
      );
    const outcome = (pieces: readonly Buffer[]) =>
      read(pieces, { maxLineBytes: 64 }).catch((error: unknown) => String(error));
    await fc.assert(
      fc.asyncProperty(body, fc.array(fc.nat(), { maxLength: 10 }), async (bytes, places) => {
        const whole = await outcome([bytes]);
        assert.deepEqual(await outcome(cut(bytes, places)), whole);
        assert.deepEqual(
          await outcome(Array.from(bytes, (_, index) => bytes.subarray(index, index + 1))),
          whole,
        );
      }),
      { numRuns: 300 },
    );
  });
});
