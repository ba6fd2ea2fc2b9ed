import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { documents, root } from './documents.js';
import { anchorOf } from './markdown.js';

const anchors = new Map(documents.map(({ path, headings }) => [path, new Set(headings.map(anchorOf))]));

describe('links of the documents', () => {
  for (const { path, links } of documents) {
    const relative = links.filter(({ target }) => !/^[a-z]+:/.test(target));
    if (relative.length === 0) continue;
    it(`of ${path} lead somewhere`, () => {
      const broken = relative.filter(({ target }) => {
        const [file = '', anchor] = target.split('#');
        const to = file === '' ? path : normalize(join(dirname(path), file));
        if (!existsSync(join(root, to))) return true;
        return anchor !== undefined && anchors.get(to)?.has(anchor) !== true;
      });
      assert.deepEqual(broken, []);
    });
  }

  it('reach every page below docs from its index', () => {
    const index = documents.find(({ path }) => path === 'docs/README.md');
    const reached = new Set(
      index?.links.map(({ target }) => normalize(join('docs', target.split('#')[0] ?? ''))),
    );
    const pages = documents.map(({ path }) => path).filter((path) => path.startsWith('docs/'));
    assert.deepEqual(
      pages.filter((path) => path !== 'docs/README.md' && !reached.has(path)),
      [],
    );
  });
});
