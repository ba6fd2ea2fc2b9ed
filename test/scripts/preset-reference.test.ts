import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { presetReference } from '../../scripts/preset-reference.js';
import { presets } from '../../src/sources/prometheus/presets/index.js';
import { anchorOf, readMarkdown } from '../docs/markdown.js';

describe('the reference of presets', () => {
  const text = presetReference();

  it('is the committed one', () => {
    const committed = readFileSync(new URL('../../docs/reference/presets.md', import.meta.url), 'utf8');
    assert.equal(committed, text, 'run "npm run generate"');
  });

  it('has a chapter for each, with its metrics, its units and its gaps', () => {
    const { headings, links } = readMarkdown(text);
    const anchors = new Set(headings.map(anchorOf));
    for (const { target } of links.filter((link) => link.target.startsWith('#'))) {
      assert.ok(anchors.has(target.slice(1)), target);
    }
    for (const { name, signals, gaps, readFrom } of presets) {
      const start = text.indexOf(`\n## ${name}\n`);
      assert.ok(start > 0, name);
      const end = text.indexOf('\n## ', start + 4);
      const chapter = text.slice(start, end < 0 ? undefined : end);
      const { requests, errors, latency } = signals;
      for (const metric of [...requests.plus.metrics, ...(errors?.plus.metrics ?? [])]) {
        assert.ok(chapter.includes(metric), metric);
      }
      if (latency !== undefined) assert.ok(chapter.includes(latency.metric), latency.metric);
      if (latency?.unit === 'ms') assert.match(chapter, / in milliseconds/);
      for (const { reason } of Object.values(gaps)) assert.ok(chapter.includes(reason), reason);
      assert.ok(chapter.includes(readFrom));
    }
  });
});
