import assert from 'node:assert/strict';
import { followRollout } from '../../../src/cli/rollout/follow.js';
import { LiveView } from '../../../src/cli/rollout/live-view.js';
import { RecordingConsole } from '../support/run-command.js';
import { until } from '../../support/until.js';
import { ClusterCommands } from './support/cluster-commands.js';

const everyMs = 5;

describe('followRollout', () => {
  let typed: ClusterCommands;
  let console: RecordingConsole;
  let stop: AbortController;

  beforeEach(async () => {
    typed = await ClusterCommands.open();
    console = new RecordingConsole();
    stop = new AbortController();
    typed.apply();
  });
  afterEach(() => typed.close());

  function follow(patienceMs: number) {
    return followRollout(typed.cluster, typed.reference, new LiveView(console), stop.signal, {
      patienceMs,
      everyMs,
    });
  }

  function looks(): number {
    return typed.cluster.requests.length;
  }

  it('tells once that no controller has looked at it, and goes on', async () => {
    const following = follow(20);
    await until(() => console.textTo('err') !== '');
    const seen = looks();
    await until(() => looks() > seen + 10);
    stop.abort();
    assert.equal((await following).kind, 'left');
    const [told = '', ...more] = console.textTo('err').trimEnd().split('\n');
    assert.match(told, /no controller has looked at it within 0\.02 s: is "ml-verdict controller" running\?/);
    assert.deepEqual(more, []);
  });

  it('says nothing of the kind of one that a controller has seen', async () => {
    typed.report({ phase: { kind: 'analysing', sinceMs: 0, patienceFromMs: 0 } });
    const following = follow(0);
    await until(() => looks() > 10);
    stop.abort();
    await following;
    assert.equal(console.textTo('err'), '');
  });

  it('says once whose turn it is, and waits for its own', async () => {
    typed.refuse({ reason: 'TargetInUse', target: 'kserve fraud-detector', owner: 'ml/other' });
    const following = follow(0);
    await until(() => looks() > 10);
    assert.match(
      console.textTo('err'),
      /^ml-verdict: refused: TargetInUse: kserve fraud-detector is driven by the ModelRollout ml\/other; [^\n]*\n$/,
    );
    typed.report({ phase: { kind: 'promoted', atMs: 0 } });
    assert.equal((await following).kind, 'ended');
  });

  it('shows on a terminal what it waits for', async () => {
    console = new RecordingConsole({ isTerminal: true });
    typed.refuse({ reason: 'TargetInUse', target: 'kserve fraud-detector', owner: 'ml/other' });
    const following = follow(0);
    await until(() => console.textTo('out') !== '');
    stop.abort();
    await following;
    assert.match(console.textTo('out'), /^ {2}Refused {4}TargetInUse: kserve fraud-detector is driven by/m);
  });

  it('gives up what somebody has to write anew, and what was said of another spec counts for nothing', async () => {
    typed.refuse({ reason: 'InvalidSpec', errors: [{ path: 'spec.window', message: 'expected less' }] });
    const ended = await follow(1_000);
    assert.ok(ended.kind === 'lost');
    assert.match(ended.reason, /^InvalidSpec: .*spec\.window: expected less/);
    typed.apply({ stages: [{ percent: 20 }, { percent: 100 }] });
    const following = follow(1_000);
    const seen = looks();
    await until(() => looks() > seen + 3);
    stop.abort();
    assert.equal((await following).kind, 'left');
  });
});
