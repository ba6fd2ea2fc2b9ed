import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { VerdictError } from '../../../src/domain/errors.js';
import { plan } from '../../../src/judge/index.js';
import { Planner } from '../../../src/server/plan/planner.js';
import type { PlanRequest } from '../../../src/server/plan/read-plan-request.js';
import { only } from '../../support/judging.js';
import { defaultPolicy } from '../../../src/judge/index.js';
import { trafficOf } from '../../support/planning.js';

const request: PlanRequest = {
  policy: only(defaultPolicy(), 'business-proxy'),
  question: { traffic: trafficOf() },
};
const wanted = () => true;

describe('planner', () => {
  it('makes the plan that the judge makes, with turns for others in between', async () => {
    let made = false;
    const plans = new Planner().make(request, wanted).finally(() => {
      made = true;
    });
    for (let turn = 0; turn < 10; turn++) await nextTurn();
    assert.equal(made, false, 'others had ten turns');
    assert.deepEqual(await plans, plan(request.policy, request.question));
  });

  it('makes one after the other, and refuses when too many wait', async () => {
    const planner = new Planner();
    const ended: number[] = [];
    const waiting = Array.from({ length: 8 }, (_, i) =>
      planner.make(request, wanted).then(() => ended.push(i)),
    );
    await assert.rejects(
      planner.make(request, wanted),
      (error) => error instanceof VerdictError && error.code === 'unavailable',
    );
    await Promise.all(waiting);
    assert.deepEqual(ended, [0, 1, 2, 3, 4, 5, 6, 7]);
    assert.ok((await planner.make(request, wanted)) !== undefined, 'there is room again');
  });

  it('gives up a plan that nobody waits for, and goes on with the next', async () => {
    const planner = new Planner();
    let asked = 0;
    const given = planner.make(request, () => ++asked < 3);
    const next = planner.make(request, wanted);
    assert.equal(await given, undefined);
    assert.equal(asked, 3);
    assert.ok((await next) !== undefined);
  });
});
