import assert from 'node:assert/strict';
import { SteadyWait } from '../../../../../src/sources/prometheus/server/exchange/steady-wait.js';
import { until } from '../../../../support/until.js';

describe('SteadyWait', () => {
  it('lasts longer than any time by another clock', () => {
    assert.equal(new SteadyWait(3_600_000).duration, Infinity);
    assert.equal(new SteadyWait(3_600_000).next().duration, Infinity);
  });

  it('has lasted longer than none when it is over', async () => {
    const wait = new SteadyWait(20);
    await until(() => wait.duration === -Infinity);
  });
});
