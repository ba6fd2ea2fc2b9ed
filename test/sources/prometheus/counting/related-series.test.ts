import assert from 'node:assert/strict';
import fc from 'fast-check';
import { relatedSeries } from '../../../../src/sources/prometheus/counting/related-series.js';
import type { SeriesIdentity } from '../../../../src/sources/prometheus/counting/sampled-series.js';

function series(process: string, target: string, key = `${process}/${target}`): { identity: SeriesIdentity } {
  const plain = {
    channel: 'requests',
    arm: 'canary',
    cell: '',
    child: '',
    family: '',
    creation: '',
  } as const;
  return { identity: { ...plain, key, process, target, replica: '', labels: {} } };
}

const someSeries = fc.array(
  fc
    .tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 6 }))
    .map(([process, target]) => series(`p${process}`, `t${target}`)),
  { maxLength: 20 },
);

function keysOf(
  groups: readonly (readonly { identity: SeriesIdentity }[])[],
): readonly (readonly string[])[] {
  return groups.map((group) => group.map(({ identity }) => identity.key).sort());
}

describe('groups of related series', () => {
  it('have no process and no target in common, and hold everything once', () => {
    fc.assert(
      fc.property(someSeries, (all) => {
        const groups = relatedSeries(all);
        assert.equal(groups.flat().length, all.length);
        assert.deepEqual(new Set(groups.flat()), new Set(all));
        for (const part of ['process', 'target'] as const) {
          const names = groups.map((group) => [...new Set(group.map(({ identity }) => identity[part]))]);
          assert.equal(new Set(names.flat()).size, names.flat().length);
        }
      }),
    );
  });

  it('are not put together without need', () => {
    const groups = relatedSeries([series('p1', 't1'), series('p2', 't2'), series('p1', 't3')]);
    assert.deepEqual(keysOf(groups), [['p1/t1', 'p1/t3'], ['p2/t2']]);
  });

  it('are put together by a series that belongs to two of them', () => {
    const groups = relatedSeries([
      series('p2', 't2'),
      series('p1', 't1'),
      series('p3', 't3'),
      series('p1', 't2'),
    ]);
    assert.deepEqual(keysOf(groups), [['p1/t1', 'p1/t2', 'p2/t2'], ['p3/t3']]);
  });

  it('come in the same order whatever came first', () => {
    fc.assert(
      fc.property(someSeries, (all) => {
        const order = (groups: ReturnType<typeof keysOf>) => groups.map(([first]) => first);
        assert.deepEqual(order(keysOf(relatedSeries([...all].reverse()))), order(keysOf(relatedSeries(all))));
      }),
    );
  });
});
