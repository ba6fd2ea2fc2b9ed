import assert from 'node:assert/strict';
import { floorViolations, importGraphViolations, namingViolations, purityViolations } from './floor-rules.js';
import { importsOf, ownImportsOf, parseSource, readSourceFiles } from './source-files.js';

const files = readSourceFiles();

describe('architecture', () => {
  it('has files to look at, on every floor up to the judge', () => {
    assert.ok(files.length > 50);
    for (const part of ['domain', 'statistics', 'judge']) {
      assert.ok(files.some(({ path }) => path.startsWith(`src/${part}/`)));
    }
  });

  it('imports only downwards', () => {
    assert.deepEqual(floorViolations(files), []);
  });

  it('has no circles and no imports of files that are not there', () => {
    assert.deepEqual(importGraphViolations(files), []);
  });

  it('keeps domain, statistics, judge and the machine that drives canaries pure', () => {
    assert.deepEqual(purityViolations(files), []);
  });

  it('exports names only, from files in kebab-case', () => {
    assert.deepEqual(namingViolations(files), []);
  });
});

// The rules themselves: each finds what it is there for.
describe('architecture rules', () => {
  const file = (path: string, text = '') => parseSource(path, text);

  it('see every way to import', () => {
    const text = `
      import { a } from './a.js';
      import type { B } from '../domain/b.js';
      import '../side.js';
      export { c } from './c.js';
      export * from './d.js';
      const e = await import('./e.js');
      const f: import('./f.js').F = g;
      const h = require('./h.js');
    `;
    assert.deepEqual(ownImportsOf(file('src/judge/x.ts', text)), [
      'src/judge/a.ts',
      'src/domain/b.ts',
      'src/side.ts',
      'src/judge/c.ts',
      'src/judge/d.ts',
      'src/judge/e.ts',
      'src/judge/f.ts',
      'src/judge/h.ts',
    ]);
    assert.deepEqual(importsOf(file('src/judge/x.ts', 'await import(name)')), ['(computed)']);
  });

  for (const [what, path, text, allowed] of [
    ['upwards', 'src/domain/x.ts', "import '../judge/judge.js';", false],
    ['sideways', 'src/ingest/x.ts', "import '../progressive/y.js';", false],
    ['sideways on the top floor', 'src/cli/x.ts', "import '../main.js';", false],
    ['from statistics to domain', 'src/statistics/x.ts', "import '../domain/y.js';", false],
    ['from a part that has no floor', 'src/helpers/x.ts', '', false],
    ['out of the sources', 'src/cli/x.ts', "import '../../test/y.js';", false],
    ['downwards', 'src/server/x.ts', "import '../judge/judge.js'; import '../config/y.js';", true],
    ['within one part', 'src/server/x.ts', "import './routes/y.js';", true],
    ['from domain to statistics', 'src/domain/x.ts', "import '../statistics/sums.js';", true],
  ] as const) {
    it(`${allowed ? 'allow' : 'find'} an import ${what}`, () => {
      assert.equal(floorViolations([file(path, text)]).length === 0, allowed);
    });
  }

  it('find circles and imports of nothing', () => {
    const circle = [
      file('src/judge/a.ts', "import type { B } from './b.js';"),
      file('src/judge/b.ts', "export * from './c.js';"),
      file('src/judge/c.ts', "import './a.js'; import './gone.js';"),
    ];
    assert.deepEqual(importGraphViolations(circle), [
      'src/judge/c.ts imports src/judge/gone.ts, which is not there',
      'circle: src/judge/a.ts -> src/judge/b.ts -> src/judge/c.ts -> src/judge/a.ts',
    ]);
  });

  for (const text of [
    "import { readFileSync } from 'node:fs';",
    "import { randomUUID } from 'node:crypto';",
    'const now = Date.now();',
    'const now = new Date();',
    'const now = Date();',
    'const draw = Math.random();',
    'const home = process.env["HOME"];',
    'setTimeout(go, 1);',
    'const start = performance.now();',
    'await fetch(url);',
    'console.log(1);',
    'const { now } = globalThis.Date;',
  ]) {
    it(`find what is not pure: ${text}`, () => {
      assert.equal(purityViolations([file('src/judge/x.ts', text)]).length, 1);
      assert.deepEqual(purityViolations([file('src/server/x.ts', text)]), []);
    });
  }

  it('allow what is pure', () => {
    const text = `
      import { createHash } from 'node:crypto';
      const at = new Date(ms).toISOString();
      const parsed = Date.parse(text);
      const words = { process: 1, fetch: 2 };
      const used = words.process + Math.max(1, 2);
    `;
    assert.deepEqual(purityViolations([file('src/judge/x.ts', text)]), []);
  });

  for (const [path, text] of [
    ['src/judge/x.ts', 'export default 1;'],
    ['src/judge/x.ts', 'export default function f() {}'],
    ['src/judge/x.ts', 'const a = 1; export { a as default };'],
    ['src/judge/theJudge.ts', ''],
    ['src/judge/the_judge.ts', ''],
    ['src/Judge/judge.ts', ''],
  ] as const) {
    it(`find ${text === '' ? path : text}`, () => {
      assert.equal(namingViolations([file(path, text)]).length, 1);
    });
  }
});
