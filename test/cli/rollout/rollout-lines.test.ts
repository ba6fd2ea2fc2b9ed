import assert from 'node:assert/strict';
import pc from 'picocolors';
import { rolloutLines } from '../../../src/cli/rollout/view/rollout-lines.js';
import type { RolloutState } from '../../../src/progressive/index.js';
import { answer } from '../../support/progressive/simulated-rollout.js';
import { DrivenRollout } from '../../support/progressive/driven-rollout.js';

const plain = pc.createColors(false);

function linesOf(rollout: DrivenRollout, state: RolloutState = rollout.driver.state): readonly string[] {
  const shown = {
    name: 'fraud',
    namespace: 'ml',
    target: 'kserve fraud-detector',
    model: 'fraud-detector',
    spec: rollout.spec,
    state,
  };
  return rolloutLines(shown, rollout.nowMs, plain);
}

describe('rolloutLines', () => {
  it('tells where a rollout stands, on what evidence, and what has happened', async () => {
    const rollout = new DrivenRollout();
    await rollout.until('analysing');
    rollout.answerOf = (request) => ({ kind: 'verdict', verdict: answer(request, 'hold') });
    await rollout.tick(60);
    await rollout.tick(1);
    const lines = linesOf(rollout);
    assert.equal(lines[0], 'fraud  kserve fraud-detector, namespace ml, model fraud-detector');
    assert.match(lines[1] ?? '', /^ {2}Phase {6}analysing at 5 %: for 2 min$/);
    assert.equal(lines[2], '  Stages     ● 5 %  ○ 50 %  ○ 100 %');
    assert.equal(lines[3], '  Canary     v2  5 %');
    assert.equal(lines[4], '  Stable     v1');
    assert.match(lines[5] ?? '', /^ {2}Verdict {4}hold at 2026-01-05T10:0\d:00Z: error-rate: hold it$/);
    assert.equal(lines[6], '  Guarantee  as the policy "progressive" states it');
    assert.match(lines[7] ?? '', /^ {2}History {4}2026-01-05T10:01:00Z {2}started: v2 gets 5 %/);
  });

  it('shows the stages that were passed, and the end', async () => {
    const rollout = new DrivenRollout();
    await rollout.until('promoted');
    const lines = linesOf(rollout);
    assert.equal(lines[1], '  Phase      promoted');
    assert.equal(lines[2], '  Stages     ✔ 5 %  ✔ 50 %  ✔ 100 %');
  });

  it('says what to do about a pause, and that a person has no guarantee', async () => {
    const rollout = new DrivenRollout();
    await rollout.until('analysing');
    rollout.spec = { ...rollout.spec, commands: [{ id: '1', kind: 'promote', full: false, by: 'ada' }] };
    await rollout.tick();
    rollout.spec = {
      ...rollout.spec,
      commands: [...rollout.spec.commands, { id: '2', kind: 'pause', full: false, by: 'ada' }],
    };
    await rollout.until('paused');
    const text = linesOf(rollout).join('\n');
    assert.match(text, /Phase {6}paused at 5 %: Paused by ada\./);
    assert.match(text, /Next {7}ml-verdict rollout resume fraud -n ml/);
    assert.match(text, /Guarantee {2}none \(person\)/);
  });

  it('lets no name steer the terminal', async () => {
    const rollout = new DrivenRollout();
    await rollout.until('stabilising');
    const text = linesOf(rollout, { ...rollout.driver.state, canary: 'v2\u001b[2J' }).join('\n');
    assert.ok(!text.includes('\u001b'));
    rollout.spec = { ...rollout.spec, policy: 'p\u001b]0;title\u0007' };
    assert.ok(!linesOf(rollout).join('').includes('\u001b'));
    assert.match(text, /v2\\u001b\[2J/);
  });
});
