import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './documents.js';

const page = readFileSync(join(root, 'docs/failure-modes.md'), 'utf8');
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  // Neither the heads of the tables nor the lines below them.
  .filter(([, first = '']) => first !== 'what fails' && !/^-+$/.test(first));

describe('docs/failure-modes.md', () => {
  it('has rows', () => {
    assert.ok(rows.length >= 20, String(rows.length));
  });

  for (const row of rows) {
    it(`shows by a test what happens when ${row[1] ?? ''}`, () => {
      const links = [...(row.at(-2) ?? '').matchAll(/\[([^\]]+)\]\(\.\.\/(test\/[^)]+)\)/g)];
      assert.ok(links.length > 0, 'a test');
      for (const [, title = '', file = ''] of links) {
        const titles = readFileSync(join(root, file), 'utf8').match(/\b(?:it|describe)\([`'].*/g) ?? [];
        assert.ok(
          titles.some((line) => line.includes(title)),
          `${file} has no test with "${title}" in its name`,
        );
      }
    });
  }
});
