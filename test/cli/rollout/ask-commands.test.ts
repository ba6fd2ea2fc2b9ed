import assert from 'node:assert/strict';
import type { Phase } from '../../../src/progressive/index.js';
import { ClusterCommands } from './support/cluster-commands.js';

const kinds = ['pause', 'resume', 'promote', 'abort'] as const;

const ends: readonly (readonly [Phase, RegExp])[] = [
  [{ kind: 'promoted', atMs: 0 }, /has ended: promoted\. v2 has all of the traffic/],
  [
    { kind: 'rolled-back', cause: 'verdict', text: 'Too many errors.', atMs: 0, raisedToPercent: null },
    /has ended: rolled back\. Too many errors/,
  ],
  [
    { kind: 'failed', cause: 'gone', text: 'It is gone.', atMs: 0 },
    /has ended: ended without promotion\. It is gone/,
  ],
];

const rollingBack: Phase = {
  kind: 'rolling-back',
  cause: 'verdict',
  text: 'Too many errors.',
  sinceMs: 0,
  refusal: null,
  isOverdue: false,
};

describe('rollout pause, resume, promote and abort', () => {
  let typed: ClusterCommands;

  beforeEach(async () => {
    typed = await ClusterCommands.open();
    typed.apply();
  });
  afterEach(() => typed.close());

  for (const [phase, expected] of ends) {
    it(`write nothing down for one that is ${phase.kind}: the next run would find it`, async () => {
      typed.report({ phase });
      for (const kind of kinds) {
        const { status, err } = await typed.type(kind, 'fraud');
        assert.equal(status, 3, kind);
        assert.match(err, expected);
      }
      assert.deepEqual(typed.commands(), []);
    });
  }

  it('write nothing down for one that goes back: an abort has what it asks for', async () => {
    typed.report({ phase: rollingBack, percent: 10 });
    for (const kind of kinds) {
      const { status, out, err } = await typed.type(kind, 'fraud');
      assert.equal(status, kind === 'abort' ? 0 : 3, kind);
      assert.match(kind === 'abort' ? out : err, /is on its way to 0 % already: Too many errors/);
    }
    assert.deepEqual(typed.commands(), []);
  });

  it('are for the next run where that was begun and nobody has looked at it yet', async () => {
    typed.report({ phase: { kind: 'promoted', atMs: 0 } });
    typed.apply({ run: 2 });
    const asked = typed.type('abort', 'fraud');
    const stop = typed.cluster.onChange(() => {
      const [command] = typed.commands();
      if (command === undefined) return;
      stop();
      typed.report({ handledCommands: [command.id], phase: rollingBack });
    });
    const { status, out } = await asked;
    assert.equal(status, 0);
    assert.match(out, /rolling back: Too many errors/);
  });

  it('say why nobody obeys, where the rollout is refused', async () => {
    const asked = typed.type('abort', 'fraud');
    const stop = typed.cluster.onChange(() => {
      stop();
      typed.refuse({ reason: 'TargetInUse', target: 'kserve fraud-detector', owner: 'ml/other' });
    });
    const { status, err } = await asked;
    assert.equal(status, 3);
    assert.match(err, /"abort" is written down, and not obeyed while the rollout is refused: TargetInUse: /);
  });
});
