/** `rollouts/canary-gated.yaml`: three gates, and a watch beside them. */
import assert from 'node:assert/strict';
import type { AnalysisRunState } from '../../cluster/analysis-run-state.js';
import type { RolloutState } from '../../cluster/rollout-state.js';
import { hold, promote, rollback } from '../answers.js';
import { inTurn, type Script } from '../scripted-service.js';
import type { FollowedRollout, RolloutCase } from './play-rollout.js';

/** One script for the watch, another one for the gates. */
function split(watch: Script, gates: Script): Script {
  return (asked, earlier) => (asked.isWatch ? watch : gates)(asked, earlier);
}

export const rolloutCases: readonly RolloutCase[] = [
  {
    name: 'goes-through',
    answers: '`promote` to every gate, `hold` to the watch',
    becomes: 'is promoted through all steps; the watch ends with it and has paused nothing',
    script: split(inTurn(hold), inTurn(promote)),
    follow: async (rollout) => {
      await untilPromoted(rollout);
      await rollout.waitForRun('Background', 'Successful');
      const runs = await rollout.runs();
      assert.deepEqual(phasesOf(runs, 'Step'), ['Successful', 'Successful', 'Successful']);
      assert.equal(phasesOf(runs, 'Background').length, 1);
    },
  },
  {
    name: 'waits',
    answers: '`hold` to the first gate until its limit, `promote` to the others',
    becomes: 'pauses at the first gate while the watch goes on, and is promoted once a person accepts it',
    script: split(inTurn(hold), ({ weight }) => (weight === '5' ? hold : promote)),
    holds: 3,
    follow: async (rollout) => {
      await rollout.waitFor(
        'paused for a person',
        ({ phase, pauses }) => phase === 'Paused' && pauses.includes('InconclusiveAnalysisRun'),
      );
      const runs = await rollout.runs();
      assert.deepEqual(phasesOf(runs, 'Step'), ['Inconclusive']);
      assert.deepEqual(phasesOf(runs, 'Background'), ['Running']);
      await rollout.promote();
      await untilPromoted(rollout);
    },
  },
  {
    name: 'goes-back',
    answers: '`rollback` to a gate, `hold` to the watch',
    becomes: 'aborts, and the message names `ml-verdict`',
    script: split(inTurn(hold), inTurn(rollback)),
    follow: async (rollout) => {
      const { message } = await untilRolledBack(rollout);
      assert.match(message, /Metric "ml-verdict" assessed Failed due to failed \(1\) > failureLimit \(0\)/);
    },
  },
  {
    name: 'is-watched',
    answers: '`hold` to a gate, then `rollback` to the watch for `latency-p99`',
    becomes: 'aborts, and the message names `latency-p99`',
    script: split(
      ({ guardrail }, earlier) => (guardrail === 'latency-p99' && earlier > 1 ? rollback : hold),
      inTurn(hold),
    ),
    follow: async (rollout) => {
      const { message } = await untilRolledBack(rollout);
      assert.match(message, /Metric "latency-p99" assessed Failed due to failed \(1\) > failureLimit \(0\)/);
    },
  },
  {
    name: 'in-shadow',
    answers: '`promote` to every gate, `rollback` to a watch of dry-run metrics',
    becomes: 'is promoted; what the watch found is in its run',
    script: split(inTurn(rollback), inTurn(promote)),
    isShadow: true,
    follow: async (rollout) => {
      await untilPromoted(rollout);
      const { metrics } = await rollout.waitForRun('Background', 'Successful');
      for (const { dryRun, phase } of metrics) {
        assert.deepEqual({ dryRun, phase }, { dryRun: true, phase: 'Failed' });
      }
    },
  },
];

function untilPromoted({ waitFor, firstHash }: FollowedRollout): Promise<RolloutState> {
  return waitFor(
    'promoted',
    ({ phase, stableHash, currentHash }) =>
      phase === 'Healthy' && stableHash === currentHash && stableHash !== firstHash,
  );
}

function untilRolledBack({ waitFor, firstHash }: FollowedRollout): Promise<RolloutState> {
  return waitFor(
    'at its first version',
    ({ phase, isAborted, currentShare, stableHash }) =>
      phase === 'Degraded' && isAborted && currentShare === 0 && stableHash === firstHash,
  );
}

function phasesOf(runs: readonly AnalysisRunState[], wanted: string): readonly string[] {
  return runs.filter(({ type }) => type === wanted).map(({ phase }) => phase);
}
