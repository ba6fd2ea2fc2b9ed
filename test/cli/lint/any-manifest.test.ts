import fc from 'fast-check';
import { lintTexts } from './support/lint-text.js';
import { withEdits } from './support/broken.js';
import { soundManifest, soundNames, type SoundName } from './support/sound-manifests.js';

/** Every place of a manifest, as an edit names it. */
function pathsOf(value: unknown, at = ''): readonly string[] {
  if (Array.isArray(value))
    return value.flatMap((entry, index) => [`${at}[${index}]`, ...pathsOf(entry, `${at}[${index}]`)]);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    const path = at === '' ? key : `${at}.${key}`;
    return key.includes('.') ? [] : [path, ...pathsOf(child, path)];
  });
}

const places = soundNames.flatMap((name) =>
  pathsOf(soundManifest(name))
    .filter((path) => path.startsWith('spec'))
    .map((path): readonly [SoundName, string] => [name, path]),
);

const texts = fc.constantFrom(
  '',
  '{{',
  '{{args.',
  '{{ args.token }}',
  '{{ }}',
  '$',
  '(',
  '-1',
  '1e9',
  'result',
  '%',
  '/',
);
const values = fc.oneof(texts, fc.jsonValue({ maxDepth: 2 }));

describe('lint of any manifest', () => {
  it('ends with findings, whatever stands in whichever place', () => {
    fc.assert(
      fc.property(fc.constantFrom(...places), values, ([name, path], value) => {
        lintTexts(withEdits(name, [[path, value]]), { argoVersion: [1, 7, 0] });
      }),
      { numRuns: 40 },
    );
  });
});
