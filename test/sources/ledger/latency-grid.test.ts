import assert from 'node:assert/strict';
import { latencyBin, latencyBoundsMs } from '../../../src/sources/ledger/latency-grid.js';

describe('the latency grid', () => {
  it('is ascending and has 200 ms and 500 ms', () => {
    assert.ok(
      latencyBoundsMs.every((bound, index) => index === 0 || bound > (latencyBoundsMs[index - 1] ?? 0)),
    );
    assert.ok(latencyBoundsMs.includes(200) && latencyBoundsMs.includes(500));
  });

  it('puts a bound into the bin that it ends, and what is above into the next', () => {
    latencyBoundsMs.forEach((bound, index) => {
      assert.equal(latencyBin(bound), index);
      assert.equal(latencyBin(bound + 1e-6), index + 1);
    });
    assert.equal(latencyBin(0), 0);
    assert.equal(latencyBin(1e12), latencyBoundsMs.length);
  });
});
