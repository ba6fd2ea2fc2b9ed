import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { edited } from '../support/edited.js';
import { fileOf, FileFolder } from './support/observation-files.js';
import { documentsOf, runCommand } from './support/run-command.js';

describe('files that judge and replay refuse', () => {
  const folder = new FileFolder();
  const good = fileOf('promote');
  const text = JSON.stringify(good, null, 2);

  after(() => {
    folder.remove();
  });

  /** The one message on a file that has to be refused, without the name of the program and of the file. */
  async function refusal(content: unknown, name = 'canary.json'): Promise<string> {
    const file = folder.write(name, content);
    const judged = await runCommand(['judge', file]);
    assert.deepEqual([judged.status, judged.out], [3, ''], judged.err);
    assert.deepEqual(await runCommand(['replay', file]), judged);
    const start = `ml-verdict: ${file}: `;
    assert.ok(judged.err.startsWith(start), judged.err);
    assert.equal(judged.err.indexOf('\n'), judged.err.length - 1, judged.err);
    assert.doesNotMatch(judged.err, /\n\s+at |Error:|node:internal|\.[jt]s:\d/);
    return judged.err.slice(start.length, -1);
  }

  it('names what cannot be read', async () => {
    const missing = folder.at('missing.json');
    assert.deepEqual(await runCommand(['judge', missing, folder.path]), {
      status: 3,
      out: '',
      err: `ml-verdict: ${missing}: there is no such file\nml-verdict: ${folder.path}: it is a directory, expected a file\n`,
    });
  });

  it('names line and column of what is no JSON', async () => {
    for (const [content, message] of [
      ['', 'the file is empty'],
      [' \r\n\t', 'the file is empty'],
      ['{\n  "schema": 1,\n  "model": }\n', 'unexpected "}" at line 3, column 12'],
      ['{\r\n  "schema": 1,\r\n  "model": }\r\n', 'unexpected "}" at line 3, column 12'],
      ['\uFEFF{"a": NaN}', 'unexpected "NaN" at line 1, column 7'],
      ['{"a": -Infinity}', 'unexpected "-Infinity" at line 1, column 7'],
      ["{'a': 1}", 'unexpected "\'" at line 1, column 2'],
      ['{"a": "x\ny"}', 'unexpected "\\n" at line 1, column 9'],
      ['{"a": "\\q"}', 'unexpected "\\\\" at line 1, column 8'],
      ['{"a": 🚀}', 'unexpected "🚀" at line 1, column 7'],
      ['{"a": 1}\n{"a": 2}\n', 'unexpected "{" at line 2, column 1'],
      ['{"a": [1, 2', 'it ends too early, at line 1, column 12'],
      ['<html>', 'unexpected "<" at line 1, column 1'],
      ['['.repeat(100_000), 'it ends too early, at line 1, column 100001'],
      [gzipSync(text), 'it is compressed with gzip; unpack it first'],
      [Buffer.from(text, 'utf16le'), 'unexpected "\\u0000" at line 1, column 2'],
    ] as const) {
      assert.equal(await refusal(content), `not JSON: ${message}`);
    }
  });

  it('names what is no object', async () => {
    for (const [content, got] of [
      ['null', 'null'],
      ['[]', 'an array'],
      ['3', '3'],
      ['"x"', '"x"'],
      [`${'['.repeat(100_000)}${']'.repeat(100_000)}`, 'an array'],
    ] as const) {
      assert.equal(await refusal(content), `expected an object, got ${got}`);
    }
  });

  it('names the field of every mistake, what stands there and what was expected', async () => {
    for (const [path, value, message] of [
      [
        'schema',
        'ml-verdict/observations/v2',
        'expected "ml-verdict/observations/v1", got "ml-verdict/observations/v2"',
      ],
      ['schema', undefined, 'missing; expected "ml-verdict/observations/v1"'],
      ['model', undefined, 'missing; expected a text'],
      ['model', '', 'expected a text that is not empty, got ""'],
      ['canary.version', 7, 'expected a text, got 7'],
      ['canary.weight', 10, 'expected a number of at most 1, got 10'],
      ['looks', {}, 'expected an array, got an object'],
      ['looks[2]', null, 'expected an object, got null'],
      [
        'looks[2].start',
        '2026-01-05 10:02',
        'expected an ISO 8601 time such as "2026-01-05T10:00:00Z", got "2026-01-05 10:02"',
      ],
      [
        'looks[2].end',
        good.looks[2]?.start,
        `expected a time after the look's start ${good.looks[2]?.start}, got "${good.looks[2]?.start}"`,
      ],
      ['looks[2].canary.requests', -1, 'expected a number of at least 0, got -1'],
      ['looks[2].canary.requests', '300', 'expected a number, got "300"'],
      ['looks[2].canary.requests', undefined, 'missing; expected a number'],
      ['looks[2].stable.errors', 1e6, 'expected at most the 9000 requests, got 1000000'],
      ['looks[2].canary.latency.counts', [1, 2], 'expected 6 entries, one more than boundsMs has, got 2'],
      ['looks[2].canary.latency.boundsMs[1]', 50, 'expected more than 50, got 50'],
      ['looks[2].canary.predictions.counts', [], 'expected 4 entries, one more than edges has, got 0'],
      ['looks[2].canary.outcomes.sumOfSquares', 1, 'expected at least sum² / count = 250, got 1'],
    ] as const) {
      const told = await refusal(edited(good, path, value));
      assert.ok(told.startsWith(`${path}: ${message}`), told);
    }
  });

  it('names an unknown field with the nearest known one', async () => {
    assert.equal(
      await refusal(edited(good, 'looks[1].wieght', 0.1)),
      'looks[1].wieght: unknown field; did you mean "weight"?',
    );
    assert.match(
      await refusal(edited(good, 'looks[1].canary.p99', 12)),
      /^looks\[1\]\.canary\.p99: unknown field; known: "requests", /,
    );
  });

  it('refuses a histogram with other bounds than the first', async () => {
    const other = edited(good, 'looks[3].stable.latency.boundsMs[0]', 49);
    assert.equal(
      await refusal(other),
      'looks[3].stable.latency.boundsMs: expected the same as looks[0].canary.latency.boundsMs, got other ones',
    );
  });

  it('refuses looks that stand twice, overlap or go back', async () => {
    const [first, second, ...rest] = good.looks;
    const twice = { ...good, looks: [first, first, second, ...rest] };
    assert.equal(
      await refusal(twice),
      'looks[1].start: expected looks in order that do not overlap; the one before ends 2026-01-05T10:01:00Z, got "2026-01-05T10:00:00Z"',
    );
    assert.match(
      await refusal({ ...good, looks: [second, first, ...rest] }),
      /^looks\[1\]\.start: expected looks in order/,
    );
    const overlapping = edited(good, 'looks[1].start', '2026-01-05T10:00:30Z');
    assert.match(await refusal(overlapping), /^looks\[1\]\.start: .* got "2026-01-05T10:00:30Z"$/);
  });

  it('names the first three of many mistakes and counts the others', async () => {
    const wrong = {
      ...good,
      looks: good.looks.map((look) => ({ ...look, canary: { requests: 'x', errors: 0 } })),
    };
    const told = await refusal(wrong);
    assert.equal(told.split('; ').length, 3);
    assert.ok(told.endsWith(` (and ${good.looks.length - 3} more)`), told);
  });

  it('takes prototype keys for unknown fields', async () => {
    const poisoned = text.replace('{', '{"__proto__": {"looks": []},');
    assert.match(await refusal(poisoned), /^__proto__: unknown field; /);
    const inArm = text.replace('"requests"', '"__proto__": {"requests": 1}, "requests"');
    assert.match(await refusal(inArm), /^looks\[0\]\.canary\.__proto__: unknown field; /);
    assert.match(await refusal({ ...good, constructor: 1 }), /^constructor: unknown field; /);
  });

  it('keeps its message on one line, whatever names the file holds', async () => {
    const key = text.replace('"requests"', '"a\\nb\\u001b[31m\\u2028": 1, "requests"');
    assert.match(await refusal(key), /^looks\[0\]\.canary\.a\\nb\\u001b\[31m\\u2028: unknown field; /);
    const output = edited(good, 'looks[0].canary.predictions', { 'x\r\ny': { edges: [1], counts: [] } });
    assert.match(
      await refusal(output),
      /^looks\[0\]\.canary\.predictions\.x\\u000d\\ny\.counts: expected 2 entries/,
    );
  });

  it('keeps its message on one line, whatever the file is called', async () => {
    const { err } = await runCommand(['judge', folder.at('a\nb.json')]);
    assert.equal(err, `ml-verdict: ${folder.at('a\\nb.json')}: there is no such file\n`);
  });

  it('does not follow nesting in a field', async () => {
    const deep = 5000;
    const nested = `${'{"a":'.repeat(deep)}1${'}'.repeat(deep)}`;
    const holder = JSON.stringify(edited(good, 'looks[0].canary.predictions', 'HERE'));
    assert.match(
      await refusal(holder.replace('"HERE"', nested)),
      /^looks\[0\]\.canary\.predictions\.a\.edges: missing/,
    );
  });

  it('judges the good files among refused ones, and tells of each refused one once', async () => {
    const files = [
      folder.write('1.json', '{'),
      folder.write('2.json', good),
      folder.at('3.json'),
      folder.write('4.json', edited(good, 'model', 4)),
      folder.write('5.json', fileOf('hold')),
    ];
    const { status, out, err } = await runCommand(['judge', '-o', 'ndjson', ...files]);
    assert.equal(status, 3);
    assert.deepEqual(
      documentsOf(out).map(({ file }) => file),
      [files[1], files[4]],
    );
    const told = err
      .trimEnd()
      .split('\n')
      .map((line) => line.split(': ')[1]);
    assert.deepEqual(told, [files[0], files[2], files[3]]);
  });
});
