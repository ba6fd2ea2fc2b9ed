import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readRepositoryFile, root } from '../pages/repository-files.js';
import { inks, judgeLine } from './inks.js';

const pictures = readdirSync(join(root, 'docs/pictures'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.svg'))
  .map((path) => `docs/pictures/${path}`);

/** Luminance as WCAG reckons it. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

describe('pictures of the documentation', () => {
  it('can be read aloud, bring their own paper for light and dark, and run nothing', () => {
    assert.ok(pictures.length >= 18);
    for (const path of pictures) {
      const text = readRepositoryFile(path);
      assert.match(text, /role="img" aria-labelledby="title description"/, path);
      assert.match(text, /<title id="title">[^<]{10,}<\/title>/, path);
      assert.match(text, /<desc id="description">[^<]{40,}<\/desc>/, path);
      assert.match(text, /<\/style>\n<rect class="paper"/, path);
      assert.match(text, /prefers-color-scheme:dark/, path);
      assert.doesNotMatch(text, /<script|\son\w+=|href=|NaN|Infinity|undefined/, path);
    }
  });

  it('are painted in known inks only', () => {
    for (const path of pictures) {
      const classes = [...readRepositoryFile(path).matchAll(/ class="([^"]+)"/g)];
      for (const [, names = ''] of classes) {
        for (const name of names.split(' ')) assert.ok(name in inks || name === 'area', `${path}: ${name}`);
      }
    }
  });

  it('have words and lines that stand out from their paper', () => {
    for (const [name, colours] of Object.entries(inks)) {
      if (['paper', 'rule', 'shade'].includes(name)) continue;
      for (const dark of [0, 1] as const) {
        const ratio = contrast(colours[dark], inks['paper']?.[dark] ?? '');
        assert.ok(ratio >= 4.5, `${name}: ${ratio.toFixed(1)}`);
      }
    }
  });

  it('draw every judge in an ink of its own name', () => {
    for (const judge of ['evidence', 'evidence-080', 'threshold', 'mann-whitney-critical']) {
      assert.equal(judgeLine(judge).ink, judge);
      assert.ok(judge in inks);
    }
  });
});
