import assert from 'node:assert/strict';
import { failureCauses, rollbackCauses } from '../../src/progressive/machine/phase.js';
import { createControllerMetrics } from '../../src/telemetry/controller-metrics.js';

const rollout = (name: string, phase: 'analysing' | 'promoted', percent = 5) => ({
  namespace: 'ml',
  name,
  phase,
  percent,
});

describe('createControllerMetrics', () => {
  it('counts rollouts by phase, and shows the share of those that go on', async () => {
    const metrics = createControllerMetrics({ processMetrics: false });
    metrics.rollout(null, rollout('a', 'analysing', 5));
    metrics.rollout(null, rollout('b', 'analysing', 10));
    metrics.rollout(rollout('b', 'analysing', 10), rollout('b', 'promoted', 100));
    const text = await metrics.registry.metrics();
    assert.match(text, /ml_verdict_rollouts\{phase="analysing"\} 1/);
    assert.match(text, /ml_verdict_rollouts\{phase="promoted"\} 1/);
    assert.match(text, /ml_verdict_rollout_percent\{namespace="ml",name="a"\} 5/);
    assert.doesNotMatch(text, /name="b"/);
    metrics.rollout(rollout('a', 'analysing', 5), null);
    assert.doesNotMatch(await metrics.registry.metrics(), /name="a"/);
  });

  it('shows the shares of a thousand, and counts all', async () => {
    const metrics = createControllerMetrics({ processMetrics: false });
    for (let number = 0; number < 1100; number += 1)
      metrics.rollout(null, rollout(`m${number}`, 'analysing'));
    const text = await metrics.registry.metrics();
    assert.equal(text.match(/^ml_verdict_rollout_percent\{/gm)?.length, 1000);
    assert.match(text, /ml_verdict_rollouts\{phase="analysing"\} 1100/);
  });

  it('watches nothing where it does not lead', async () => {
    const metrics = createControllerMetrics({ processMetrics: false });
    metrics.leading(true);
    metrics.watching(true);
    metrics.leading(false);
    const text = await metrics.registry.metrics();
    assert.match(text, /ml_verdict_controller_leader 0/);
    assert.match(text, /ml_verdict_controller_watching 0/);
  });

  it('names in its help every cause of an end that there is', async () => {
    const text = await createControllerMetrics({ processMetrics: false }).registry.metrics();
    const named = /^# HELP ml_verdict_rollout_ends_total .* and why \((.*); promoted: none\)/m.exec(
      text,
    )?.[1];
    assert.deepEqual(named?.split(', ').sort(), [...rollbackCauses, ...failureCauses].sort());
  });

  it('counts what is done', async () => {
    const metrics = createControllerMetrics({ processMetrics: false });
    metrics.ended({ kind: 'rolled-back', cause: 'verdict', text: '', atMs: 0, raisedToPercent: null });
    metrics.ended({ kind: 'promoted', atMs: 0 });
    metrics.patched('kserve', 'roll-back', 'done');
    metrics.request('patch', 'conflict');
    metrics.alert('slack', 'put-off');
    metrics.asked('verdict');
    metrics.queue(7);
    metrics.round(0.02, 'again');
    const text = await metrics.registry.metrics();
    for (const line of [
      'ml_verdict_rollout_ends_total{end="rolled-back",cause="verdict"} 1',
      'ml_verdict_rollout_ends_total{end="promoted",cause=""} 1',
      'ml_verdict_rollout_patches_total{target="kserve",kind="roll-back",result="done"} 1',
      'ml_verdict_cluster_requests_total{verb="patch",result="conflict"} 1',
      'ml_verdict_rollout_alerts_total{receiver="slack",result="put-off"} 1',
      'ml_verdict_rollout_questions_total{result="verdict"} 1',
      'ml_verdict_rollout_queue_depth 7',
      'ml_verdict_rollout_round_duration_seconds_count{result="again"} 1',
    ]) {
      assert.ok(text.includes(`${line}\n`), line);
    }
  });
});
