import assert from 'node:assert/strict';
import { newCommand } from '../../../src/cli/rollout/add-command.js';
import { runForeground, type ForegroundParts } from '../../../src/cli/rollout/foreground.js';
import { leftText } from '../../../src/cli/rollout/left-text.js';
import { LiveView } from '../../../src/cli/rollout/live-view.js';
import { loadConfig } from '../../../src/config/index.js';
import { initialState, type Command, type RolloutState } from '../../../src/progressive/index.js';
import { parseModelRollout } from '../../../src/progressive/resource/index.js';
import { KnativePlatform } from '../../support/progressive/platforms/knative-platform.js';
import { answer } from '../../support/progressive/simulated-rollout.js';
import { valueOf } from '../../support/value-of.js';
import { RecordingConsole } from '../support/run-command.js';

const nowMs = Date.UTC(2026, 0, 5, 10);

/** A rollout in the foreground, on a clock that stands still unless a test moves it. */
class Foreground {
  readonly platform = new KnativePlatform();
  readonly console = new RecordingConsole();
  readonly stop = new AbortController();
  readonly saved: RolloutState[] = [];
  add: (command: Command) => void = () => undefined;

  run(change: Partial<ForegroundParts> = {}) {
    const rollout = valueOf(
      parseModelRollout({
        apiVersion: 'ml-verdict.io/v1alpha1',
        kind: 'ModelRollout',
        metadata: { name: 'fraud', namespace: 'ml', uid: 'run-1' },
        spec: { target: this.platform.target, stages: [10, 100] },
      }),
    );
    return runForeground({
      rollout,
      state: initialState(nowMs),
      store: {
        save: (state) => {
          this.saved.push(state);
          return Promise.resolve({ kind: 'saved' });
        },
      },
      api: this.platform.cluster,
      judge: {
        ask: (_, request) => Promise.resolve({ kind: 'verdict', verdict: answer(request, 'hold') }),
      },
      config: valueOf(loadConfig({ env: {}, flags: {} })),
      view: new LiveView(this.console),
      now: () => nowMs,
      endsOnPause: false,
      signal: this.stop.signal,
      commands: [],
      onStart: (add) => {
        this.add = add;
      },
      ...change,
    });
  }

  /** Calls back as soon as a share was sent. */
  onShare(then: () => void): void {
    const stop = this.platform.cluster.onChange((reference, object) => {
      const spec = object?.spec as
        { readonly predictor?: { readonly canaryTrafficPercent?: number } } | undefined;
      if (reference.plural !== 'inferenceservices' || spec?.predictor?.canaryTrafficPercent === undefined)
        return;
      stop();
      then();
    });
  }
}

describe('runForeground', () => {
  it('tells what it has sent, where it is ended before that is seen', async () => {
    const foreground = new Foreground();
    foreground.onShare(() => {
      foreground.stop.abort();
    });
    const { state } = await foreground.run();
    assert.equal(state.percent, 0);
    assert.match(
      leftText(state, undefined),
      /left with 0 % of the traffic, on its way to 10 %, .* no --state was given/,
    );
  });

  it('tells the same of a pause, which ends it where nobody is there', async () => {
    const foreground = new Foreground();
    foreground.onShare(() => {
      foreground.add(newCommand('pause', 'ada'));
    });
    const { state } = await foreground.run({ endsOnPause: true });
    assert.equal(state.phase.kind, 'paused');
    assert.match(leftText(state, 's.json'), /on its way to 10 %, .* go on with --state s\.json/);
  });

  it('tells that zero was asked for, where it is ended on the way back', async () => {
    const foreground = new Foreground();
    foreground.onShare(() => {
      foreground.platform.reconcile();
      foreground.add(newCommand('abort', 'ada'));
    });
    const { state } = await foreground.run({
      store: {
        save: (saved) => {
          if (saved.phase.kind === 'rolling-back') foreground.stop.abort();
          return Promise.resolve({ kind: 'saved' });
        },
      },
    });
    assert.equal(state.phase.kind, 'rolling-back');
    assert.match(
      leftText(state, undefined),
      /left with 0 % of the traffic asked for and not yet seen, and nobody/,
    );
  });

  it('obeys what is typed, to its end', async () => {
    const foreground = new Foreground();
    let isBack = false;
    foreground.onShare(() => {
      foreground.platform.reconcile();
      foreground.add(newCommand('abort', 'ada'));
      // KServe follows as soon as zero is there, and somebody looks again.
      const { cluster } = foreground.platform;
      const stop = cluster.onChange((_, object) => {
        const spec = object?.spec as { readonly predictor: { readonly canaryTrafficPercent?: number } };
        if (isBack || spec.predictor.canaryTrafficPercent !== 0) return;
        isBack = true;
        stop();
        foreground.platform.reconcile();
        setImmediate(() => {
          foreground.add(newCommand('abort', 'ada'));
        });
      });
    });
    const { round, state } = await foreground.run();
    assert.deepEqual([round.kind, state.phase.kind, state.percent], ['ended', 'rolled-back', 0]);
    assert.match(foreground.console.textTo('out'), /rolling-back: Aborted by ada\.\n.*rolled-back: /);
  });

  it('says what is forbidden, and not that nobody answers', async () => {
    const foreground = new Foreground();
    const reason = 'inferenceservices "fraud-detector" is forbidden: User "u" cannot get';
    foreground.platform.cluster.fail({ failure: { kind: 'forbidden', reason } });
    foreground.onShare(() => {
      foreground.stop.abort();
    });
    await foreground.run();
    const told = foreground.console.textTo('err');
    assert.match(told, /it is tried again: inferenceservices "fraud-detector" is forbidden/);
    assert.doesNotMatch(told, /does not answer/);
  });
});
