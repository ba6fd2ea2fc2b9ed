import assert from 'node:assert/strict';
import { readCurl } from './curl-request.js';
import { anchorOf, readMarkdown } from './markdown.js';
import { differences, isOutput } from './sample.js';
import { readShell, splitWords } from './shell-commands.js';

/** The readers that the other tests of the documents rely on: what they would overlook, those would too. */
describe('readers of the documents', () => {
  it('find blocks, links and rows, and nothing of these inside a block', () => {
    const text = [
      '# Title',
      'A [link](a.md#b), `[code](no.md)`.',
      '| `x` | a \\| b |',
      '| --- | --- |',
      '## Part',
      '1. Do:',
      '   ```sh',
      '   # [no](link.md)',
      '   ```',
    ].join('\n');
    assert.deepEqual(readMarkdown(text), {
      blocks: [{ language: 'sh', text: '# [no](link.md)\n', line: 7, heading: 'Part' }],
      links: [{ target: 'a.md#b', line: 2 }],
      headings: ['Title', 'Part'],
      rows: [{ heading: 'Title', cells: ['`x`', 'a | b'] }],
    });
    assert.throws(() => readMarkdown('```sh\n'), /no end/);
    assert.equal(anchorOf('GET /v1/verdicts, GET /v1/verdicts/{id}'), 'get-v1verdicts-get-v1verdictsid');
  });

  it('split words as a shell does, and refuse what needs a real one', () => {
    const variables = new Map([['NAME', 'a b']]);
    assert.deepEqual(splitWords(`x 'a "$NAME"' "b $NAME \\"c\\"" d$NAME''e`, variables), [
      'x',
      'a "$NAME"',
      'b a b "c"',
      'da be',
    ]);
    for (const line of ['a | b', 'a && b', 'a > b', 'a $(b)', 'a *.json', "a 'b", 'a $OTHER']) {
      assert.throws(() => splitWords(line), line);
    }
  });

  it('read here-documents, with variables where they are not quoted', () => {
    const script = "NOW=$(node -p '1 + 1')\n# a comment\nx \\\n  y <<END\n$NOW\nEND\nz <<'END'\n$NOW\nEND\n";
    assert.deepEqual(readShell(script), [
      { words: ['x', 'y'], input: '2\n' },
      { words: ['z'], input: '$NOW\n' },
    ]);
    assert.throws(() => readShell('x <<END\n'), /no end/);
  });

  it('read what curl would send', () => {
    const [command] = readShell("curl -s localhost:8080/a -X PUT -H 'x: y: z' --data-binary '{}'");
    assert.ok(command);
    assert.deepEqual(readCurl(command, 'other:1'), {
      method: 'PUT',
      url: new URL('http://other:1/a'),
      headers: { x: 'y: z', 'Content-Type': 'application/x-www-form-urlencoded' },
      body: '{}',
    });
    for (const words of [['wget'], ['curl', '-k', 'localhost:8080/'], ['curl', 'example.com/']]) {
      assert.throws(() => readCurl({ words }, 'other:1'));
    }
  });

  for (const [what, shown, actual, count] of [
    ['the same', { a: [1, { b: null }] }, { a: [1, { b: null }] }, 0],
    ['another number', { a: 1 }, { a: 2 }, 1],
    ['a missing field', { a: 1, b: 2 }, { a: 1 }, 1],
    ['a field too many', { a: 1 }, { a: 1, b: 2 }, 1],
    ['fields that are left out', { a: 1, '…': '…' }, { a: 1, b: 2 }, 0],
    ['an element too many', [1], [1, 2], 1],
    ['elements that are left out', [1, '…'], [1, 2, 3], 0],
    ['fewer elements than are shown', [1, 2, '…'], [1], 2],
    ['anything', { a: '…' }, { a: { b: 1 } }, 0],
    ['nothing in place of anything', { a: '…' }, {}, 1],
    ['a part of a text', 'urn:…:x', 'urn:y:x', 0],
    ['another text around it', 'urn:…:x', 'urn:y:z', 1],
  ] as const) {
    it(`find ${count === 0 ? 'no difference' : 'the difference'} in ${what}`, () => {
      assert.equal(differences(shown, actual).length, count, differences(shown, actual).join('; '));
    });
  }

  it('take a line … for any lines, and nothing else for another line', () => {
    assert.ok(isOutput('a\n…\nd\n', 'a\nb\nc\nd\n'));
    assert.ok(isOutput('a\n…\nd\n', 'a\nd\n'));
    assert.ok(!isOutput('a\n…\nd\n', 'a\nb\ne\n'));
    assert.ok(!isOutput('a\nb\n', 'a\nb\nc\n'));
  });
});
