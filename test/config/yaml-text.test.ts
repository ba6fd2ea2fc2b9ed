import assert from 'node:assert/strict';
import { parseYamlText } from '../../src/config/yaml-text.js';

function read(text: string) {
  const parsed = parseYamlText(text);
  assert.ok(parsed.ok, JSON.stringify(parsed));
  return parsed.value;
}

function refuse(text: string): string {
  const parsed = parseYamlText(text);
  assert.ok(!parsed.ok);
  return parsed.errors.map((error) => error.message).join('\n');
}

describe('parseYamlText', () => {
  it('reads YAML and JSON', () => {
    assert.deepEqual(read('a: 1\nb: [x, y]').value, { a: 1, b: ['x', 'y'] });
    assert.deepEqual(read('{"a": 1,\n\t"b": ["x", "y"]}').value, { a: 1, b: ['x', 'y'] });
  });

  it('has the value null for an empty text', () => {
    assert.equal(read('').value, null);
    assert.equal(read('# only a comment\n').value, null);
  });

  it('knows the line of every key, of list entries, and of the nearest field around', () => {
    const { lineOf } = read('a:\n  b:\n    - x: 1\n      y: 2\n    - z: 3\n"c.d": 4\n');
    assert.equal(lineOf('a'), 1);
    assert.equal(lineOf('a.b'), 2);
    assert.equal(lineOf('a.b[0].y'), 4);
    assert.equal(lineOf('a.b[1]'), 5);
    assert.equal(lineOf('a.b[1].missing'), 5);
    assert.equal(lineOf('a.b[7].deep.down'), 2);
    assert.equal(lineOf('c.d'), 6);
    assert.equal(lineOf('elsewhere'), undefined);
  });

  it('follows aliases to the text they stand for', () => {
    const { value, lineOf } = read('a: &x\n  k: 1\nb: *x\n');
    assert.deepEqual(value, { a: { k: 1 }, b: { k: 1 } });
    assert.equal(lineOf('b.k'), 2);
  });

  it('names the line of a key that stands twice, of bad syntax, an unknown tag and a second document', () => {
    assert.match(refuse('a: 1\nb: 2\na: 3\n'), /unique.*\(line 3\)/);
    assert.match(refuse('a: 1\nb: [1, 2\n'), /line 3\)/);
    assert.match(refuse('a: !thing 3\n'), /line 1\)/);
    assert.match(refuse('a: 1\n---\nb: 2\n'), /line 2\)/);
  });

  it('refuses a text whose aliases would grow without bounds', () => {
    const levels = Array.from({ length: 12 }, (_, level) => {
      const last = `*l${level - 1}`;
      return `l${level}: &l${level} [${level === 0 ? 'x' : Array<string>(9).fill(last).join(', ')}]`;
    });
    assert.match(refuse(levels.join('\n')), /alias/i);
  });
});
