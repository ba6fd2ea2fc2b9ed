import assert from 'node:assert/strict';
import fc from 'fast-check';
import { observationsToFile, parseObservations } from '../../src/domain/observations-file.js';
import { arbitraryObservations } from '../support/arbitrary-observations.js';
import { edited } from '../support/edited.js';
import { errorsOf, pathsOf, valueOf } from '../support/value-of.js';

const arm = {
  requests: 300,
  errors: 1,
  latency: { boundsMs: [50, 100, 200], counts: [120, 110, 60, 10] },
  predictions: { edges: [0.1, 0.5], counts: [150, 90, 60] },
  outcomes: { count: 280, sum: 41, sumOfSquares: 41 },
};

const file = {
  schema: 'ml-verdict/observations/v1',
  model: 'fraud-detector',
  canary: { version: 'v2', weight: 0.1 },
  stable: { version: 'v1' },
  asOf: '2026-01-05T10:03:00Z',
  restarts: 1,
  before: {
    looks: [
      { start: '2026-01-05T09:58:00Z', end: '2026-01-05T09:59:00Z', stable: arm },
      { start: '2026-01-05T09:59:00Z', end: '2026-01-05T10:00:00Z', stable: arm },
    ],
  },
  looks: [
    { start: '2026-01-05T10:00:00Z', end: '2026-01-05T10:01:00Z', weight: 0.1, canary: arm, stable: arm },
    { start: '2026-01-05T10:01:00Z', end: '2026-01-05T10:02:00Z', weight: 0.1, canary: arm, stable: arm },
  ],
};

/** The file with one value changed, read. */
const read = (path: string, value: unknown) => parseObservations(edited(file, path, value));

describe('observations file', () => {
  it('reads every field under its unit', () => {
    const observations = valueOf(parseObservations(file));
    assert.equal(observations.asOfMs, Date.UTC(2026, 0, 5, 10, 3));
    assert.equal(observations.restarts, 1);
    assert.equal(observations.before.length, 2);
    assert.deepEqual(observations.canary, { version: 'v2', weight: 0.1 });
    const [look] = observations.looks;
    assert.equal(look?.startMs, Date.UTC(2026, 0, 5, 10));
    assert.equal(look.weight, 0.1);
    assert.deepEqual(look.canary?.predictions.get('default'), { kind: 'scores', ...arm.predictions });
    assert.deepEqual(look.canary.outcomes.get('default'), arm.outcomes);
    assert.deepEqual(look.canary.latency?.boundsMs, [50, 100, 200]);
  });

  it('takes the least that is a file', () => {
    const least = { schema: file.schema, model: 'm', canary: { version: 'v2' }, looks: [] };
    const observations = valueOf(parseObservations(least));
    assert.deepEqual(observations, { model: 'm', canary: { version: 'v2' }, looks: [], before: [] });
  });

  it('reads how requests come to the canary, and leaves it open where the file does', () => {
    for (const routing of ['random', 'sticky', 'selected'] as const) {
      const observations = valueOf(read('routing', routing));
      assert.equal(observations.routing, routing);
      assert.deepEqual(valueOf(parseObservations(observationsToFile(observations))), observations);
      assert.equal(observationsToFile(observations).routing, routing);
    }
    assert.equal('routing' in valueOf(parseObservations(file)), false);
    assert.equal('routing' in observationsToFile(valueOf(parseObservations(file))), false);
  });

  it('reads which outcomes are counted when they arrive; none is the same as saying nothing', () => {
    const observations = valueOf(read('outcomesByArrival', ['default', 'hit-rate']));
    assert.deepEqual(observations.outcomesByArrival, ['default', 'hit-rate']);
    assert.deepEqual(valueOf(parseObservations(observationsToFile(observations))), observations);
    const without = valueOf(parseObservations(file));
    assert.deepEqual(valueOf(read('outcomesByArrival', [])), without);
    assert.equal('outcomesByArrival' in without, false);
    assert.deepEqual(
      observationsToFile({ ...without, outcomesByArrival: [] }),
      observationsToFile(without),
      'an empty list is not written',
    );
  });

  it('reads quantiles that servers computed, as numbers by quantile', () => {
    const told = { '0.5': 12.5, '0.99': 132.5, '.999': 0, '1e-3': 3 };
    const observations = valueOf(read('looks[0].canary.latencyQuantiles', told));
    const canary = observations.looks[0]?.canary;
    assert.deepEqual(
      [...(canary?.quantiles ?? [])],
      [
        [0.5, 12.5],
        [0.99, 132.5],
        [0.999, 0],
        [0.001, 3],
      ],
    );
    assert.deepEqual(canary?.latency?.boundsMs, [50, 100, 200], 'beside buckets');
    const written = observationsToFile(observations);
    assert.deepEqual(written.looks[0]?.canary?.latencyQuantiles, {
      '0.5': 12.5,
      '0.99': 132.5,
      '0.999': 0,
      '0.001': 3,
    });
    assert.deepEqual(valueOf(parseObservations(JSON.parse(JSON.stringify(written)))), observations);
    const without = valueOf(read('looks[0].canary.latencyQuantiles', {}));
    assert.deepEqual(without, valueOf(parseObservations(file)));
    assert.equal('latencyQuantiles' in (observationsToFile(without).looks[0]?.canary ?? {}), false);
    assert.equal('quantiles' in (without.looks[0]?.canary ?? {}), false);
  });

  it('takes classes, named series, fractions, gaps and absent histograms', () => {
    const labels = { labels: ['cat', 'dog'], counts: [9.5, 4, 1] };
    const named = {
      ...edited(file, 'looks[1].start', '2026-01-05T10:01:30Z'),
      looks: file.looks.map((look) => ({
        ...look,
        canary: {
          requests: 14.5,
          errors: 0.25,
          predictions: { animal: labels, score: arm.predictions },
          outcomes: { 'hit-rate': arm.outcomes, caught: { count: 0, sum: 0, sumOfSquares: 0 } },
        },
        stable: { requests: 10, errors: 0 },
      })),
    };
    const canary = valueOf(parseObservations({ ...named, before: undefined })).looks[0]?.canary;
    assert.deepEqual([...(canary?.predictions.keys() ?? [])], ['animal', 'score']);
    assert.deepEqual(canary?.predictions.get('animal'), { kind: 'labels', ...labels });
    assert.equal(canary.outcomes.get('caught')?.count, 0);
    assert.equal(canary.latency, undefined);
    assert.equal(valueOf(read('looks[1].canary', undefined)).looks[1]?.canary, undefined);
  });

  it('clamps errors that exceed requests by no more than what extrapolation does', () => {
    assert.equal(valueOf(read('looks[0].canary.errors', 303)).looks[0]?.canary?.errors, 300);
    assert.deepEqual(pathsOf(read('looks[0].canary.errors', 303.1)), ['looks[0].canary.errors']);
    const few = edited(edited(file, 'looks[0].canary.requests', 3), 'looks[0].canary.errors', 3.5);
    assert.equal(valueOf(parseObservations(few)).looks[0]?.canary?.errors, 3);
  });

  describe('refuses, with the path of the field,', () => {
    const canary = 'looks[1].canary';
    for (const [what, path, value, expectedPath, message] of [
      ['another schema', 'schema', 'v0', 'schema', 'expected "ml-verdict/observations/v1", got "v0"'],
      ['a missing schema', 'schema', undefined, 'schema', 'missing; expected "ml-verdict/observations/v1"'],
      ['a missing model', 'model', undefined, 'model', 'missing; expected a text'],
      ['a canary without version', 'canary.version', undefined, 'canary.version', 'missing; expected a text'],
      ['an empty version', 'stable.version', '', 'stable.version', 'not empty'],
      ['a weight above 1', 'canary.weight', 10, 'canary.weight', 'expected a number of at most 1, got 10'],
      ['a weight of a look above 1', 'looks[0].weight', 5, 'looks[0].weight', 'at most 1'],
      [
        'another routing',
        'routing',
        'cookie',
        'routing',
        'expected one of "random", "sticky", "selected", got "cookie"',
      ],
      ['a routing that is empty', 'routing', '', 'routing', 'one of "random", "sticky", "selected"'],
      ['a routing that is null', 'routing', null, 'routing', 'one of "random", "sticky", "selected"'],
      ['a mistyped routing', 'routin', 'sticky', 'routin', 'did you mean "routing"?'],
      ['a negative weight', 'looks[0].weight', -0.1, 'looks[0].weight', 'of at least 0'],
      ['no looks', 'looks', undefined, 'looks', 'missing; expected an array'],
      ['a look that is none', 'looks[1]', 7, 'looks[1]', 'expected an object, got 7'],
      [
        'a mistyped field',
        'looks[0].cannary',
        arm,
        'looks[0].cannary',
        'unknown field; did you mean "canary"?',
      ],
      ['a mistyped field of an arm', `${canary}.request`, 1, `${canary}.request`, 'did you mean "requests"?'],
      [
        'negative requests',
        `${canary}.requests`,
        -1,
        `${canary}.requests`,
        'expected a number of at least 0, got -1',
      ],
      ['requests as text', `${canary}.requests`, '300', `${canary}.requests`, 'expected a number, got "300"'],
      [
        'missing requests',
        `${canary}.requests`,
        undefined,
        `${canary}.requests`,
        'missing; expected a number',
      ],
      ['negative errors', `${canary}.errors`, -1, `${canary}.errors`, 'of at least 0'],
      [
        'more errors than requests',
        `${canary}.errors`,
        310,
        `${canary}.errors`,
        'expected at most the 300 requests, got 310',
      ],
      [
        'a negative latency count',
        `${canary}.latency.counts[2]`,
        -1,
        `${canary}.latency.counts[2]`,
        'of at least 0',
      ],
      [
        'a missing last count',
        `${canary}.latency.counts`,
        [1, 2, 3],
        `${canary}.latency.counts`,
        'expected 4 entries, one more than boundsMs has, got 3',
      ],
      [
        'bounds out of order',
        'looks[0].canary.latency.boundsMs',
        [50, 200, 100],
        'looks[0].canary.latency.boundsMs[2]',
        'expected more than 200, got 100',
      ],
      [
        'a bound of 0',
        `${canary}.latency.boundsMs[0]`,
        0,
        `${canary}.latency.boundsMs[0]`,
        'a number above 0',
      ],
      ['no bounds', `${canary}.latency.boundsMs`, [], `${canary}.latency.boundsMs`, 'at least 1 entries'],
      [
        'other bounds than before',
        `${canary}.latency.boundsMs`,
        [50, 100, 250],
        `${canary}.latency.boundsMs`,
        'expected the same as before.looks[0].stable.latency.boundsMs',
      ],
      [
        'other edges than before',
        `${canary}.predictions.edges`,
        [0.1, 0.6],
        `${canary}.predictions.edges`,
        'expected the same as before.looks[0].stable.predictions.edges',
      ],
      [
        'edges that repeat',
        'looks[0].canary.predictions.edges',
        [0.5, 0.5],
        'looks[0].canary.predictions.edges[1]',
        'expected more than 0.5, got 0.5',
      ],
      [
        'a negative prediction count',
        `${canary}.predictions.counts[1]`,
        -3,
        `${canary}.predictions.counts[1]`,
        'of at least 0',
      ],
      [
        'too many prediction counts',
        `${canary}.predictions.counts`,
        [1, 2, 3, 4],
        `${canary}.predictions.counts`,
        'expected 3 entries, one more than edges has, got 4',
      ],
      [
        'classes instead of scores',
        `${canary}.predictions`,
        { labels: ['a', 'b'], counts: [1, 2, 3] },
        `${canary}.predictions.labels`,
        'expected the same as',
      ],
      [
        'labels that are none',
        `${canary}.predictions`,
        { labels: [1], counts: [1, 2] },
        `${canary}.predictions.labels[0]`,
        'expected a text, got 1',
      ],
      [
        'a named prediction without counts',
        `${canary}.predictions`,
        { score: { edges: [0.1] } },
        `${canary}.predictions.score.counts`,
        'missing; expected an array',
      ],
      [
        'a negative outcome count',
        `${canary}.outcomes.count`,
        -1,
        `${canary}.outcomes.count`,
        'of at least 0',
      ],
      [
        'outcomes without a sum',
        `${canary}.outcomes.sum`,
        undefined,
        `${canary}.outcomes.sum`,
        'missing; expected a number',
      ],
      ['a sum without outcomes', `${canary}.outcomes.count`, 0, `${canary}.outcomes.count`, 'got 0'],
      [
        'squares that cannot be',
        `${canary}.outcomes.sumOfSquares`,
        1,
        `${canary}.outcomes.sumOfSquares`,
        'expected at least sum² / count',
      ],
      [
        'a named outcome that cannot be',
        `${canary}.outcomes`,
        { hit: { count: 4, sum: 4, sumOfSquares: 1 } },
        `${canary}.outcomes.hit.sumOfSquares`,
        'got 1',
      ],
      ...(['0', '1', '-0.5', '1.5', '99', 'p99', '', '0.99999999999999999999'] as const).map(
        (key) =>
          [
            `${JSON.stringify(key)} as a quantile`,
            `${canary}.latencyQuantiles`,
            { [key]: 5 },
            `${canary}.latencyQuantiles.${key}`,
            `expected a quantile between 0 and 1, got ${JSON.stringify(key)}`,
          ] as const,
      ),
      [
        'a quantile that stands twice',
        'before.looks[0].stable.latencyQuantiles',
        { '0.99': 1, '0.990': 2 },
        'before.looks[0].stable.latencyQuantiles.0.990',
        'expected every quantile once, got one twice',
      ],
      [
        'a negative quantile',
        `${canary}.latencyQuantiles`,
        { '0.99': -1 },
        `${canary}.latencyQuantiles.0.99`,
        'expected a number of at least 0, got -1',
      ],
      [
        'a quantile as text',
        `${canary}.latencyQuantiles`,
        { '0.99': '132ms' },
        `${canary}.latencyQuantiles.0.99`,
        'expected a number, got "132ms"',
      ],
      [
        'a quantile that nothing was counted for',
        `${canary}.latencyQuantiles`,
        { '0.99': null },
        `${canary}.latencyQuantiles.0.99`,
        'expected a number, got null',
      ],
      [
        'quantiles that are a list',
        `${canary}.latencyQuantiles`,
        [132],
        `${canary}.latencyQuantiles`,
        'expected an object, got an array',
      ],
      [
        'an outcome counted by arrival without a name',
        'outcomesByArrival',
        ['hit-rate', ''],
        'outcomesByArrival[1]',
        'not empty',
      ],
      [
        'an outcome counted by arrival twice',
        'outcomesByArrival',
        ['hit-rate', 'caught', 'hit-rate'],
        'outcomesByArrival[2]',
        'expected every outcome once, got "hit-rate" twice',
      ],
      [
        'outcomes counted by arrival that are no list',
        'outcomesByArrival',
        'default',
        'outcomesByArrival',
        'expected an array, got "default"',
      ],
      [
        'outcomes counted by arrival, mistyped',
        'outcomesByArival',
        [],
        'outcomesByArival',
        'did you mean "outcomesByArrival"?',
      ],
      ['a time without zone', 'looks[0].start', '2026-01-05T10:00:00', 'looks[0].start', 'an ISO 8601 time'],
      [
        'a look that ends before it starts',
        'looks[1].end',
        '2026-01-05T10:01:00Z',
        'looks[1].end',
        "expected a time after the look's start 2026-01-05T10:01:00Z",
      ],
      [
        'looks that overlap',
        'looks[1].start',
        '2026-01-05T10:00:30Z',
        'looks[1].start',
        'looks in order that do not overlap; the one before ends 2026-01-05T10:01:00Z',
      ],
      [
        'looks before that overlap',
        'before.looks[1].start',
        '2026-01-05T09:58:30Z',
        'before.looks[1].start',
        'do not overlap',
      ],
      [
        'looks before that reach into the canary',
        'before.looks[1].end',
        '2026-01-05T10:00:30Z',
        'before.looks[1].end',
        "at or before the first look's start",
      ],
      [
        'a canary before the canary',
        'before.looks[0].canary',
        arm,
        'before.looks[0].canary',
        'unknown field',
      ],
      [
        'stable counts of a version without a name',
        'stable',
        undefined,
        'stable',
        'looks[0].stable has counts',
      ],
      ['a time of judging that is none', 'asOf', 'now', 'asOf', 'an ISO 8601 time'],
      ['half a restart', 'restarts', 0.5, 'restarts', 'expected a whole number, got 0.5'],
    ] as const) {
      it(what, () => {
        const errors = errorsOf(read(path, value));
        const error = errors.find((one) => one.path === expectedPath);
        assert.ok(error !== undefined, `expected ${expectedPath}, got ${JSON.stringify(errors)}`);
        assert.ok(error.message.includes(message), error.message);
        // Bounds that are wrong in themselves also differ from those of the first look.
        const others = errors.filter((one) => one !== error && !one.message.includes('the same as'));
        assert.deepEqual(others, []);
      });
    }

    it('a mistyped field of predictions, by what was meant', () => {
      const errors = errorsOf(read(`${canary}.predictions`, { edges: [0.1, 0.5], count: [1, 2, 3] }));
      const paths = errors.map(({ path }) => path);
      assert.ok(
        paths.some(
          (path) => path === `${canary}.predictions.count` || path === `${canary}.predictions.counts`,
        ),
      );
      for (const { message } of errors) assert.match(message, /^(missing|unknown field)/);
    });

    it('more than 30 looks before', () => {
      const start = Date.UTC(2026, 0, 5, 9);
      const looks = Array.from({ length: 31 }, (_, i) => ({
        start: new Date(start + i * 60_000).toISOString(),
        end: new Date(start + (i + 1) * 60_000).toISOString(),
        stable: arm,
      }));
      assert.deepEqual(errorsOf(read('before', { looks })), [
        { path: 'before.looks', message: 'expected at most 30 entries, got an array' },
      ]);
    });

    it('everything that is wrong at once', () => {
      const wrong = edited(
        edited(file, 'looks[0].canary.errors', 999),
        'looks[1].stable.latency.counts',
        [1],
      );
      assert.deepEqual(pathsOf(parseObservations(wrong)), [
        'looks[0].canary.errors',
        'looks[1].stable.latency.counts',
      ]);
    });

    it('what is no file at all', () => {
      for (const value of [undefined, null, 7, 'text', [], true]) {
        assert.deepEqual(pathsOf(parseObservations(value)), ['']);
      }
    });
  });

  it('is the same again after writing and reading', () => {
    fc.assert(
      fc.property(arbitraryObservations(), (observations) => {
        const written: unknown = JSON.parse(JSON.stringify(observationsToFile(observations)));
        assert.deepEqual(valueOf(parseObservations(written)), observations);
      }),
      { seed: 20260105, numRuns: 150 },
    );
  });

  it('answers any JSON at all with observations or with errors, and never throws', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 4 }),
        fc.constantFrom('looks', 'before', 'canary', 'looks[0].canary'),
        (value, path) => {
          const parsed = parseObservations(edited(file, path, value));
          if (!parsed.ok) for (const error of parsed.errors) assert.ok(error.message.length > 5);
        },
      ),
      { seed: 20260105, numRuns: 200 },
    );
  });
});
