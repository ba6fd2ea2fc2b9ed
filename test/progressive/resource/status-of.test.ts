import assert from 'node:assert/strict';
import { initialState, type RolloutState, type StageVerdict } from '../../../src/progressive/index.js';
import {
  conditionsIn,
  parseModelRollout,
  readSavedState,
  stateToGoOnWith,
  statusOf,
} from '../../../src/progressive/resource/index.js';
import { modelRolloutStatusSchema } from '../../../src/progressive/resource/status-schema.js';
import { valueOf } from '../../support/value-of.js';

const rollout = valueOf(
  parseModelRollout({
    apiVersion: 'ml-verdict.io/v1alpha1',
    kind: 'ModelRollout',
    metadata: { name: 'fraud', namespace: 'ml', uid: 'u', generation: 3 },
    spec: { target: { kserve: { name: 'detector' } } },
  }),
);
const startMs = Date.parse('2026-01-05T10:00:00Z');
const state: RolloutState = {
  ...initialState(startMs),
  phase: { kind: 'shifting', fromPercent: 5, toPercent: 10, sinceMs: startMs },
  uid: 'isvc',
  fingerprint: 'f',
  canary: 'v2',
  stable: 'v1',
  percent: 5,
  startedAtMs: startMs,
};

describe('statusOf', () => {
  it('tells how it stands', () => {
    const status = statusOf(rollout, state, [], startMs + 400);
    assert.ok(modelRolloutStatusSchema.safeParse(status).success);
    assert.equal(status.phase, 'shifting');
    assert.equal(status.message, 'v2 gets 10 % of the traffic; not yet seen to.');
    assert.deepEqual([status.percent, status.targetPercent, status.stage], [5, 10, 1]);
    assert.deepEqual([status.observedGeneration, status.run, status.attempt], [3, 1, 1]);
    assert.equal(status.startedAt, '2026-01-05T10:00:00Z');
    assert.equal(status.endedAt, undefined);
  });

  it('keeps the time of conditions that stay as they are', () => {
    const first = statusOf(rollout, state, [], startMs).conditions;
    const paused: RolloutState = {
      ...state,
      phase: {
        kind: 'paused',
        cause: 'newer-model',
        text: 'Another model was applied.',
        sinceMs: startMs,
        interrupted: { kind: 'stabilising', sinceMs: startMs },
      },
    };
    const later = statusOf(rollout, paused, conditionsIn({ conditions: first }), startMs + 60_000).conditions;
    const timeOf = (type: string) => later.find((one) => one.type === type)?.lastTransitionTime;
    assert.equal(timeOf('Progressing'), '2026-01-05T10:00:00Z');
    assert.equal(timeOf('Paused'), '2026-01-05T10:01:00Z');
    const condition = later.find(({ type }) => type === 'Paused');
    assert.deepEqual(
      [condition?.status, condition?.reason, condition?.message],
      ['True', 'NewerModel', 'Another model was applied.'],
    );
  });

  it('says what ended it, one condition for each way', () => {
    for (const [phase, type] of [
      [{ kind: 'promoted', atMs: startMs }, 'Promoted'],
      [
        { kind: 'rolled-back', cause: 'verdict', text: 'bad', atMs: startMs, raisedToPercent: null },
        'RolledBack',
      ],
      [{ kind: 'failed', cause: 'gone', text: 'gone', atMs: startMs }, 'Failed'],
    ] as const) {
      const status = statusOf(rollout, { ...state, phase }, [], startMs);
      const isTrue = status.conditions.filter((one) => one.status === 'True').map((one) => one.type);
      assert.deepEqual(isTrue, ['Accepted', type]);
      assert.equal(status.endedAt, '2026-01-05T10:00:00Z');
    }
  });

  it('cuts what is longer than the definition allows', () => {
    const lastVerdict: StageVerdict = {
      key: 'k',
      attempt: 1,
      canary: 'v2',
      stable: 'v1',
      toMs: startMs,
      id: 'i'.repeat(300),
      verdict: 'hold',
      sentence: 's'.repeat(5000),
      isBlind: false,
      guarantee: 'stated',
    };
    const long = { ...state, canary: 'c'.repeat(600), stable: 's'.repeat(600), lastVerdict };
    const read = modelRolloutStatusSchema.safeParse(statusOf(rollout, long, [], startMs));
    assert.deepEqual(read.error?.issues ?? [], []);
    assert.equal(read.data?.canary?.length, 500);
  });

  it('stays small, and holds all that has to be remembered', () => {
    const text = 'x'.repeat(250);
    const alert = {
      kind: 'paused',
      severity: 'warning',
      text,
      atMs: startMs,
      percent: 5,
      verdictId: 'i'.repeat(64),
    } as const;
    const full: RolloutState = {
      ...state,
      history: Array.from({ length: 30 }, () => ({ atMs: startMs, kind: 'paused', text })),
      outbox: Array.from({ length: 20 }, (_, index) => ({ ...alert, key: `1/${index}/paused` })),
      weights: Array.from({ length: 100 }, (_, index) => ({ percent: 5, fromMs: startMs + index })),
    };
    const status = statusOf(rollout, full, [], startMs);
    assert.ok(JSON.stringify(status).length < 30_000, String(JSON.stringify(status).length));
    const saved = readSavedState(JSON.parse(JSON.stringify(status)));
    assert.ok(saved.kind === 'saved');
    assert.deepEqual(saved.state, full);
  });
});

describe('readSavedState', () => {
  it('tells new, saved and unreadable apart', () => {
    assert.equal(readSavedState(undefined).kind, 'new');
    assert.equal(readSavedState({ conditions: [] }).kind, 'new');
    const bad = readSavedState({ state: { ...state, percent: 'x' } });
    assert.ok(bad.kind === 'unreadable');
    assert.equal(bad.errors[0]?.path, 'status.state.percent');
  });
});

describe('stateToGoOnWith', () => {
  const ended: RolloutState = {
    ...state,
    attempt: 2,
    phase: { kind: 'failed', cause: 'gone', text: 'gone', atMs: startMs },
    handledCommands: ['one'],
    alertCount: 7,
  };
  const saved = (of: RolloutState) => ({ kind: 'saved', state: of, run: 1, observedGeneration: 3 }) as const;

  it('begins where there is nothing', () => {
    const { state: fresh, run, isSaved } = stateToGoOnWith({ kind: 'new' }, 4, startMs);
    assert.deepEqual([fresh.phase.kind, run, isSaved], ['waiting', 4, false]);
  });

  it('goes on with the run that goes on, whatever is wanted', () => {
    assert.deepEqual(stateToGoOnWith(saved(state), 2, startMs), { state, run: 1, isSaved: true });
    assert.equal(stateToGoOnWith(saved(ended), 1, startMs).state, ended);
  });

  it('begins a higher run after the end, and forgets no command and no number of an alert', () => {
    const { state: anew, run } = stateToGoOnWith(saved(ended), 2, startMs + 1);
    assert.deepEqual(
      [run, anew.attempt, anew.phase.kind, anew.handledCommands, anew.alertCount, anew.canary],
      [2, 3, 'waiting', ['one'], 7, null],
    );
  });
});
