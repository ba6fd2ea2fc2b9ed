import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { KubernetesObject } from '../../../src/progressive/cluster/kubernetes-object.js';
import { edited } from '../../support/edited.js';
import { platforms } from '../../support/progressive/platforms/index.js';
import type { Platform } from '../../support/progressive/platforms/platform.js';
import { expectedOf, observed, targetOn } from '../../support/progressive/platforms/target-on.js';

type Change = { readonly kind: 'step'; readonly percent: number } | { readonly kind: 'promote' | 'rollback' };

const changes: fc.Arbitrary<Change> = fc.oneof(
  fc.record({
    kind: fc.constant('step' as const),
    percent: fc.double({ min: -200, max: 300, noNaN: true }),
  }),
  fc.constantFrom({ kind: 'promote' as const }, { kind: 'rollback' as const }),
);

/** A resource with every share in it made zero: what no change of a share may touch. */
function withoutShares(object: KubernetesObject): unknown {
  const metadata = { ...object.metadata, resourceVersion: '', generation: 0 };
  const spec: unknown = JSON.parse(
    JSON.stringify(object.spec, (name, value: unknown) =>
      ['canaryTrafficPercent', 'trafficPercent'].includes(name) ? undefined : value,
    ),
  );
  return { ...object, metadata, spec, status: undefined };
}

interface Shares {
  readonly candidates?: readonly { readonly weight?: number }[];
  readonly predictors?: readonly { readonly traffic?: number; readonly shadow?: boolean }[];
  readonly predictor?: { readonly canaryTrafficPercent?: number };
  readonly canary?: readonly { readonly trafficPercent: number }[];
}

/** All shares that a resource gives out, as far as they have to make 100. */
function sharesOf(object: KubernetesObject): readonly number[] {
  const { candidates = [], predictors = [] } = object.spec as Shares;
  return [
    ...candidates.map(({ weight = 0 }) => weight),
    ...predictors.filter(({ shadow }) => shadow !== true).map(({ traffic = 0 }) => traffic),
  ];
}

function canarySharesOf(object: KubernetesObject): readonly number[] {
  const { predictor, canary = [] } = object.spec as Shares;
  const percent = predictor?.canaryTrafficPercent;
  return [...(percent === undefined ? [] : [percent]), ...canary.map((entry) => entry.trafficPercent)];
}

function resourceOf(platform: Platform): KubernetesObject {
  return platform.cluster.read(platform.reference) ?? assert.fail();
}

for (const { name, create } of platforms) {
  describe(`Changes of target ${name}`, () => {
    it('are whole percentages from 0 to 100 that make 100, and leave all else as it is', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 0, max: 99 }),
          fc.array(changes, { maxLength: 6 }),
          async (first, list) => {
            const platform = create();
            platform.applyCanary(first);
            platform.reconcile();
            const target = targetOn(platform);
            for (const change of list) {
              const state = await observed(target);
              const before = resourceOf(platform);
              const expected = expectedOf(state);
              const fromPercent = state.configuredPercent;
              if (change.kind === 'step') {
                const toPercent = change.percent;
                await target.setWeight({
                  kind: 'set-weight',
                  expected,
                  fromPercent,
                  toPercent,
                  bringsModel: false,
                });
              } else if (change.kind === 'rollback') {
                await target.rollBack({ kind: 'roll-back', expected });
              } else {
                await target.promote({ kind: 'promote', expected, fromPercent });
              }
              const after = resourceOf(platform);
              const shares = sharesOf(after);
              if (shares.length > 0)
                assert.equal(
                  shares.reduce((sum, share) => sum + share, 0),
                  100,
                );
              for (const share of [...shares, ...canarySharesOf(after)]) {
                assert.ok(Number.isInteger(share) && share >= 0 && share <= 100, String(share));
              }
              // A promotion in Standard mode moves the model as well.
              const movesModel = change.kind === 'promote' && name === 'kserve-standard';
              if (!movesModel) assert.deepEqual(unshared(after), unshared(before));
              platform.reconcile();
            }
          },
        ),
        { numRuns: 40 },
      );
    });
  });
}

/** As `withoutShares`, for lists of predictors and candidates too. */
function unshared(object: KubernetesObject): unknown {
  const { candidates, predictors } = object.spec as Shares;
  let rest: unknown = withoutShares(object);
  candidates?.forEach((_one, index) => (rest = edited(rest, `spec.candidates[${index}].weight`, undefined)));
  predictors?.forEach((one, index) => {
    if (one.shadow !== true) rest = edited(rest, `spec.predictors[${index}].traffic`, undefined);
  });
  return rest;
}
