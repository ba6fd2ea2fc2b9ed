import type { Config } from '../../config/index.js';
import { alertReceivers } from '../../config/index.js';
import { createAlertDispatcher } from '../../progressive/alerts/index.js';
import type { ClusterApi } from '../../progressive/cluster/cluster-api.js';
import {
  driveToEnd,
  RolloutDriver,
  type Command as RolloutCommand,
  type Round,
  type RolloutState,
  type RolloutStore,
  type StageJudge,
} from '../../progressive/index.js';
import { alertMessageOf, type ModelRollout } from '../../progressive/resource/index.js';
import type { LiveView } from './live-view.js';
import { shownRollout } from './stored-rollout.js';
import { WakeBell } from './wake-bell.js';

/** What a rollout in the foreground is made of. */
export interface ForegroundParts {
  readonly rollout: ModelRollout;
  readonly state: RolloutState;
  readonly store: RolloutStore;
  readonly api: ClusterApi;
  readonly judge: StageJudge;
  readonly config: Config;
  readonly view: LiveView;
  readonly now: () => number;
  /** Whether a pause ends it, since nobody is there to say more. */
  readonly endsOnPause: boolean;
  readonly signal: AbortSignal;
  /** Commands, to be obeyed in order. */
  readonly commands: readonly RolloutCommand[];
  /** Is given a function that adds a command while it runs. */
  readonly onStart?: (add: (command: RolloutCommand) => void) => void;
}

/** How it ended: the last round, and the state that it left. */
export interface ForegroundEnd {
  readonly round: Round;
  readonly state: RolloutState;
}

/** How long alerts that are not yet delivered may keep the process. */
const alertGraceMs = 10_000;
const redrawMs = 1_000;

/** Drives one rollout in this process, from its state to its end. */
export async function runForeground(parts: ForegroundParts): Promise<ForegroundEnd> {
  const { rollout, config, view, now, signal } = parts;
  const bell = new WakeBell();
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  let commands = [...rollout.spec.commands, ...parts.commands];
  parts.onStart?.((command) => {
    commands = [...commands, command];
    bell.ring();
  });
  const alerts = createAlertDispatcher({
    receivers: alertReceivers(config, now),
    now,
    onSettled: (_, key) => {
      driver.acknowledge([key]);
      bell.ring();
    },
  });
  const driver = new RolloutDriver(
    {
      target: rollout.target.kind.create(rollout.target.spec, {
        api: parts.api,
        namespace: rollout.namespace,
      }),
      judge: parts.judge,
      store: parts.store,
      model: rollout.model,
      versions: rollout.versions,
      now,
      wake: () => {
        bell.ring();
      },
      onAlert: (alert) => {
        alerts.offer(alertMessageOf(rollout, driver.state, alert, config.alerts.link));
      },
    },
    parts.state,
  );
  const show = (): void => {
    view.show(shownRollout(rollout, driver.state), now());
  };
  const redraw = setInterval(show, redrawMs);
  let lastTrouble = '';
  try {
    const round = await driveToEnd(driver, {
      spec: () => ({ ...rollout.spec, commands }),
      now,
      signal: either,
      woken: () => bell.next(),
      onRound: (done) => {
        const trouble = done.kind === 'unavailable' ? done.reason : '';
        // Forbidden, refused, no answer, a file that cannot be written: the reason says which.
        if (trouble !== '' && trouble !== lastTrouble) view.note(`it is tried again: ${trouble}`);
        lastTrouble = trouble;
        show();
        const isWaiting = driver.state.phase.kind === 'paused' && allObeyed(commands, driver.state);
        if (isWaiting && parts.endsOnPause) stop.abort();
      },
    });
    return { round, state: driver.state };
  } finally {
    clearInterval(redraw);
    driver.stop();
    await alerts.close(alertGraceMs);
    view.end(shownRollout(rollout, driver.state), now());
  }
}

function allObeyed(commands: readonly RolloutCommand[], state: RolloutState): boolean {
  return commands.every(({ id }) => state.handledCommands.includes(id));
}
