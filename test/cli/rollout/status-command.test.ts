import assert from 'node:assert/strict';
import type { Refused } from '../../../src/progressive/resource/index.js';
import { ClusterCommands } from './support/cluster-commands.js';

const inUse: Refused = { reason: 'TargetInUse', target: 'kserve fraud-detector', owner: 'ml/other' };
const invalid: Refused = { reason: 'InvalidSpec', errors: [{ path: 'spec.x', message: 'expected y' }] };
const unreadable: Refused = {
  reason: 'UnreadableState',
  errors: [{ path: 'status.state.schema', message: 'expected v1' }],
};

describe('rollout status', () => {
  let typed: ClusterCommands;

  beforeEach(async () => {
    typed = await ClusterCommands.open();
    typed.apply();
  });
  afterEach(() => typed.close());

  for (const [refused, status, word, message] of [
    [inUse, 2, 'waiting', /kserve fraud-detector is driven by the ModelRollout ml\/other/],
    [invalid, 3, 'refused', /The spec is not valid, nothing is driven: spec\.x: expected y/],
    [unreadable, 3, 'refused', /The state cannot be read, nothing is driven: status\.state\.schema/],
    [{ reason: 'BeingDeleted' } as const, 3, 'refused', /It is being deleted/],
  ] as const) {
    it(`shows that it is not driven, and why: ${refused.reason}`, async () => {
      typed.refuse(refused);
      const one = await typed.type('status', 'fraud');
      assert.equal(one.status, status);
      assert.match(one.out, new RegExp(`^  Refused    ${refused.reason}: `, 'm'));
      assert.match(one.out, message);
      const all = await typed.type('status');
      assert.match(all.out, new RegExp(`fraud +${word}: ${refused.reason} `));
      const wide = await typed.type('status', '-o', 'wide');
      assert.match(wide.out, message);
    });
  }

  it('gives the reason of a controller where the command line cannot read it either', async () => {
    typed.cluster.edit(typed.reference, (object) => ({ ...object, spec: { target: {}, colour: 'blue' } }));
    const before = await typed.type('status', 'fraud');
    assert.match(before.err, /ml\/fraud: spec.*colour/);
    typed.refuse(invalid);
    const one = await typed.type('status', 'fraud');
    assert.equal(one.status, 3);
    assert.match(one.err, /ml\/fraud: InvalidSpec: The spec is not valid/);
    assert.match((await typed.type('status')).out, /fraud +refused: InvalidSpec/);
    assert.match((await typed.type('status', '-o', 'wide')).out, /The spec is not valid/);
  });

  it('shows the end of one that has ended, whatever is said of what was edited since', async () => {
    typed.report({ phase: { kind: 'promoted', atMs: 0 }, percent: 100 });
    typed.refuse({ reason: 'BeingDeleted' });
    const { status, out } = await typed.type('status', 'fraud');
    assert.equal(status, 0);
    assert.doesNotMatch(out, /Refused/);
    assert.match((await typed.type('status')).out, /fraud +promoted +100/);
  });

  it('is under way where the next run is written down, whatever became of the one before', async () => {
    typed.report({ phase: { kind: 'promoted', atMs: 0 }, percent: 100 });
    typed.apply({ run: 2 });
    assert.equal((await typed.type('status', 'fraud')).status, 2);
  });

  it('is 1 on the way back already', async () => {
    const phase = {
      kind: 'rolling-back',
      cause: 'verdict',
      text: 'Bad.',
      sinceMs: 0,
      refusal: null,
    } as const;
    typed.report({ phase: { ...phase, isOverdue: false } });
    assert.equal((await typed.type('status', 'fraud')).status, 1);
  });
});
