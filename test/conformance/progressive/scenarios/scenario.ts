import assert from 'node:assert/strict';
import type { Playable } from '../../argo/scenarios/played-scenarios.js';
import type { ModelRolloutState } from '../driving/model-rollout.js';
import type { KnownAlert } from '../told/alertmanager.js';
import type { ReceivedAlert } from '../told/webhook.js';
import { until } from '../../../support/until.js';
import type { PlayParts } from './play-parts.js';
import type { Stage } from './stage.js';

/** Something that happens to a rollout, and how it has to end. */
export interface Scenario extends Playable<PlayParts, Ending> {
  /** What is seen, as the title of a test. */
  readonly title: string;
  /** Whether it is driven by others than the two replicas that drive all the rest, or by none. */
  readonly hasOwnControllers?: true;
  /** Somebody else moves the share as well: how much of that is seen before the end differs from run to run. */
  readonly hasForeignShares?: true;
}

/** How a scenario ended, for people. */
export interface Ending {
  /** The phase of the rollout; of the foreground, its exit status. */
  readonly end: string;
  readonly message: string;
  /** The canary's shares as the platform told them, in their order. */
  readonly percents: readonly number[];
  /** What was sent to the target, as JSON. */
  readonly patches: readonly string[];
  readonly alerts: readonly ReceivedAlert[];
  /** What Alertmanager had. */
  readonly firing: readonly KnownAlert[];
  /** Of a rollback. */
  readonly recovery?: Recovery;
}

/** How long users had a bad canary, by the fast clock. */
export interface Recovery {
  /** From the beginning of the first look in which it was bad to the decision to go back. */
  readonly decidedSeconds: number;
  /** From the decision until its share was zero in the status of the platform. */
  readonly zeroSeconds: number;
}

const lookMs = 60_000;

/** What there is to see when a rollout has ended, and everybody was told. */
export async function endingOf(
  parts: PlayParts,
  stage: Stage,
  state: ModelRolloutState,
  recovery?: Recovery,
): Promise<Ending> {
  return {
    ...(await alertsWith(parts, stage, state.history.at(-1)?.kind ?? '')),
    end: state.phase,
    message: state.message,
    percents: stage.shares.percents,
    patches: stage.patches(),
    ...(recovery === undefined ? {} : { recovery }),
  };
}

/** Waits until everybody was told such a thing, and answers all that they were told. */
export async function alertsWith(
  { webhook, alertmanager }: PlayParts,
  { namespace }: Stage,
  kind: string,
): Promise<Pick<Ending, 'alerts' | 'firing'>> {
  await until(() => webhook.received(namespace).some((alert) => alert.kind === kind));
  return { alerts: webhook.received(namespace), firing: await alertmanager.firing(namespace) };
}

/**
 * How long a canary was bad, from the look in which it had so much traffic first.
 * @param fromPercent from which share on it was bad
 */
export async function recoveryOf(stage: Stage, state: ModelRolloutState, fromPercent = 1): Promise<Recovery> {
  // The rollout may have been told a moment earlier than the stage.
  await until(() => stage.shares.endedAtMs !== undefined);
  const badFromMs = stage.shares.reachedAtMs(fromPercent);
  const decided = state.history.find(({ kind }) => kind === 'rolling-back');
  const { endedAtMs } = stage.shares;
  assert.ok(badFromMs !== undefined && decided !== undefined && endedAtMs !== undefined);
  const decidedAtMs = Date.parse(decided.at);
  return {
    decidedSeconds: (decidedAtMs - Math.floor(badFromMs / lookMs) * lookMs) / 1000,
    zeroSeconds: (endedAtMs - decidedAtMs) / 1000,
  };
}

/** One patch went to zero, and somebody who has to act was told, in both ways. */
export function assertRolledBack(
  { patches, alerts, firing }: Ending,
  isToZero: (patch: string) => boolean,
): void {
  assert.equal(patches.filter(isToZero).length, 1, `not one patch to zero: ${patches.join('\n')}`);
  assert.ok(isToZero(patches.at(-1) ?? ''), 'something was sent after the rollback');
  assert.ok(alerts.some(({ kind, severity }) => kind === 'rolling-back' && severity === 'critical'));
  assert.ok(firing.some(({ labels }) => labels['alertname'] === 'MLVerdictRolloutRollingBack'));
}
