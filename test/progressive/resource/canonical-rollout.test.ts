import assert from 'node:assert/strict';
import { double, assert as hold, oneof, property, constantFrom, tuple } from 'fast-check';
import { canonicalRollout, parseModelRollout } from '../../../src/progressive/resource/index.js';
import { durationPattern, longestDuration } from '../../../src/progressive/resource/duration-schema.js';
import { rolloutOf, writtenSpecs } from '../../conformance/progressive/admission/specs.js';
import { valueOf } from '../../support/value-of.js';

const target = { kserve: { name: 'm' } };

describe('canonicalRollout', () => {
  for (const { what, spec, verdict } of writtenSpecs) {
    it(`means the same as before: ${what}`, () => {
      const object = rolloutOf(spec);
      const parsed = parseModelRollout(object);
      assert.equal(parsed.ok, verdict !== 'refused');
      const canonical = canonicalRollout(object);
      assert.deepEqual(parseModelRollout(canonical).ok, parsed.ok);
      if (verdict === 'taken') assert.deepEqual(canonical, object);
      if (!parsed.ok) return;
      const then = valueOf(parseModelRollout(canonical));
      assert.deepEqual([then.spec, then.run], [parsed.value.spec, parsed.value.run]);
      assert.deepEqual(canonicalRollout(canonical), canonical);
    });
  }

  it('writes what people write in several ways in one', () => {
    const stages = [5, { percent: '10', confidence: '95%', minimumAnalysis: 0.25 }, '100'];
    const { spec } = canonicalRollout(
      rolloutOf({ target, run: '2', stages, window: 90.5, readyLimit: '1e3s' }),
    );
    assert.deepEqual(spec, {
      target,
      run: 2,
      stages: [{ percent: 5 }, { percent: 10, confidence: 0.95, minimumAnalysis: '250ms' }, { percent: 100 }],
      window: '90500ms',
      readyLimit: 1000,
    });
  });

  it('makes a duration that an API server takes of every one that is read', () => {
    const amount = double({ min: 0, max: 1e9, noNaN: true });
    const text = tuple(amount, constantFrom('ms', 's', ' M', 'h', '  d')).map(([n, unit]) => `${n}${unit}`);
    const pattern = new RegExp(durationPattern);
    hold(
      property(oneof(amount, text), (stabilisation) => {
        const { spec } = canonicalRollout(rolloutOf({ target, stabilisation }));
        const written: unknown = spec['stabilisation'];
        const isTaken =
          Number.isInteger(written) ||
          (typeof written === 'string' && written.length <= longestDuration && pattern.test(written));
        assert.ok(isTaken, String(written));
      }),
    );
  });

  it('leaves alone what is not in order', () => {
    for (const spec of [
      'x',
      { stages: 'all', run: null, stabilisation: 'soon', window: [], readyLimit: -5 },
      { stages: [{ percent: 'ten', confidence: 'high' }, null] },
    ]) {
      const object = { ...rolloutOf({}), spec };
      const canonical = canonicalRollout(object);
      assert.equal(parseModelRollout(canonical).ok, false);
    }
  });
});
