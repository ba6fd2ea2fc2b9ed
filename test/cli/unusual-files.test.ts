import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Observations } from '../../src/domain/observations.js';
import { observationsToFile } from '../../src/domain/observations-file.js';
import { arbitraryObservations } from '../support/arbitrary-observations.js';
import { edited } from '../support/edited.js';
import { rollout, times } from '../support/rollouts.js';
import { fileOf, FileFolder } from './support/observation-files.js';
import { documentsOf, runCommand, type FiledDocument } from './support/run-command.js';

describe('unusual files', () => {
  const folder = new FileFolder();
  const good = fileOf('promote');

  after(() => {
    folder.remove();
  });

  /** The document of a file that has to be judged. */
  async function judged(content: unknown, options: readonly string[] = []): Promise<FiledDocument> {
    const { out, err } = await runCommand([
      'judge',
      '-o',
      'ndjson',
      ...options,
      folder.write('unusual.json', content),
    ]);
    assert.equal(err, '');
    const [document] = documentsOf(out);
    assert.ok(document);
    return document;
  }

  it('are judged alike with a byte order mark, other line ends and other white space', async () => {
    const plain = await judged(good);
    assert.deepEqual(await judged(`\uFEFF${JSON.stringify(good)}`), plain);
    assert.deepEqual(await judged(JSON.stringify(good, null, 2).replaceAll('\n', '\r\n')), plain);
    assert.deepEqual(await judged(`\n\t ${JSON.stringify(good, null, '\t')}\n\n`), plain);
  });

  it('keep names with any sign in them, and a terminal sees no control characters', async () => {
    const names = {
      model: 'mödel 🚀 "x"\n\u001b[31m',
      canary: { version: 'v\t2' },
      stable: { version: '\u0000' },
    };
    const document = await judged({ ...good, ...names });
    assert.deepEqual([document.model, document.canary, document.stable], [names.model, 'v\t2', '\u0000']);
    const labels = good.looks.map((look) => ({
      ...look,
      canary: { ...look.canary, predictions: { labels: ['cat\u001b[2J\n', 'dog'], counts: [100, 500, 400] } },
      stable: {
        ...look.stable,
        predictions: { labels: ['cat\u001b[2J\n', 'dog'], counts: [6000, 2000, 1000] },
      },
    }));
    const file = folder.write('labels \u001b[2J.json', { ...good, looks: labels });
    const { out, status } = await runCommand(['judge', '-o', 'wide', file]);
    assert.equal(status, 1);
    assert.ok(out.includes('cat\\u001b[2J\\n'), out);
    assert.doesNotMatch(out, /[^\P{Cc}\n]/u);
  });

  it('may name outputs and outcomes like members of objects', async () => {
    for (const name of ['counts', 'count', 'constructor', 'toString', 'edges']) {
      const looks = good.looks.map((look) => ({
        ...look,
        canary: {
          ...look.canary,
          predictions: { [name]: look.canary?.predictions },
          outcomes: { [name]: look.canary?.outcomes },
        },
        stable: {
          ...look.stable,
          predictions: { [name]: look.stable?.predictions },
          outcomes: { [name]: look.stable?.outcomes },
        },
      }));
      const options = ['--set', `prediction-drift.output=${name}`, '--set', `business-proxy.outcome=${name}`];
      const document = await judged({ ...good, looks }, options);
      assert.equal(document.verdict, 'promote', `${name}: ${document.measurement[2]}`);
    }
  });

  it('are judged without any look, and where asOf lies before all of them', async () => {
    for (const content of [
      { ...good, looks: [] },
      { ...good, asOf: '2020-01-01T00:00:00Z' },
    ]) {
      const document = await judged(content);
      assert.deepEqual([document.verdict, document.looks], ['hold', 0]);
    }
  });

  it('are judged with counts as large as 1e15', async () => {
    for (const [verdict, errorRate] of [
      ['promote', 0.001],
      ['rollback', 0.05],
    ] as const) {
      const canary = { requests: 1e15, errors: errorRate * 1e15 };
      const document = await judged(
        observationsToFile(rollout(times(8, { canary, stable: { requests: 1e15 } }))),
      );
      assert.equal(document.verdict, verdict, document.measurement[2]);
      assertFinite(document);
    }
  });

  it('are refused with counts that nobody counts', async () => {
    for (const value of [2e15, 1e300, Number.MAX_VALUE]) {
      for (const path of [
        'requests',
        'errors',
        'latency.counts[0]',
        'predictions.counts[0]',
        'outcomes.sum',
      ]) {
        const file = folder.write('huge.json', edited(good, `looks[5].canary.${path}`, value));
        const { status, err } = await runCommand(['judge', file]);
        assert.equal(status, 3);
        assert.ok(
          err.startsWith(`ml-verdict: ${file}: looks[5].canary.${path}: expected a number of at most 1`),
          err,
        );
      }
    }
    const endless = JSON.stringify(good).replace('"requests":1000', '"requests":1e999');
    const { status, err } = await runCommand(['judge', folder.write('huge.json', endless)]);
    assert.equal(status, 3);
    assert.match(err, /: looks\[0\]\.canary\.requests: expected a number/);
  });

  it('are judged with the smallest fraction of a request', async () => {
    const document = await judged(edited(good, 'looks[5].canary.predictions.counts[0]', Number.MIN_VALUE));
    assertFinite(document);
  });

  it('may have 10,000 looks', async () => {
    const document = await judged(observationsToFile(rollout(times(10_000))));
    assert.deepEqual([document.verdict, document.looks], ['promote', 10_000]);
  });

  it('are all read: a file that a reader must accept is never refused', async () => {
    const statuses = { promote: 0, rollback: 1, hold: 2 };
    await fc.assert(
      fc.asyncProperty(arbitraryObservations(6), async (observations: Observations) => {
        const file = folder.write('arbitrary.json', observationsToFile(observations));
        const { status, out, err } = await runCommand(['judge', '-o', 'ndjson', file]);
        assert.equal(err, '');
        assert.deepEqual(
          documentsOf(out).map(({ verdict }) => statuses[verdict]),
          [status],
        );
      }),
      { numRuns: 60 },
    );
  });

  it('are judged or refused in one line, whatever was changed in them', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('promote', 'hold', 'rollback'),
        fc.array(changes, { minLength: 1, maxLength: 3 }),
        fc.constantFrom('judge', 'replay'),
        async (canary, made, command) => {
          const content = JSON.parse(JSON.stringify(fileOf(canary))) as unknown;
          for (const change of made) applyChange(content, change);
          const { status, out, err } = await runCommand([
            command,
            '-o',
            'ndjson',
            folder.write('changed.json', content),
          ]);
          assert.ok([0, 1, 2, 3].includes(status));
          assert.equal(err.split('\n').length - 1, status === 3 ? 1 : 0, err);
          if (status === 3) assert.equal(out, '');
        },
      ),
      { numRuns: 150 },
    );
  });
});

/** Numbers of a document that are none are written as null: no estimate and no evidence may be. */
function assertFinite(document: FiledDocument): void {
  for (const { name, estimate, evidence } of document.guardrails) {
    assert.ok(estimate !== null && evidence.rollback !== null && evidence.promote !== null, name);
  }
  assert.doesNotMatch(JSON.stringify(document), /NaN|Infinity|not a number/);
}

interface Change {
  readonly way: readonly number[];
  readonly value: unknown;
}

const changes: fc.Arbitrary<Change> = fc.record({
  way: fc.array(fc.nat(50), { minLength: 1, maxLength: 7 }),
  value: fc.oneof(
    fc.constantFrom(undefined, null, true, 0, -1, 0.5, 5e-324, 1e15, '', 'x', '2026-01-05T10:03:00Z'),
    fc.nat(10_000),
    fc.jsonValue({ maxDepth: 2 }),
  ),
});

/** Changes what lies at the end of a way through the content, each step of which picks one of what is there. */
function applyChange(content: unknown, { way, value }: Change): void {
  let node = content;
  for (const [depth, step] of way.entries()) {
    if (typeof node !== 'object' || node === null) return;
    const keys = Object.keys(node);
    const key = keys[step % keys.length];
    if (key === undefined) return;
    const holder = node as Record<string, unknown>;
    const child = holder[key];
    if (depth === way.length - 1 || typeof child !== 'object' || child === null) {
      holder[key] = value;
      return;
    }
    node = child;
  }
}
