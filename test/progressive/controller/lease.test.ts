import assert from 'node:assert/strict';
import { Lease } from '../../../src/progressive/controller/lease.js';
import { leaseReference, readLease } from '../../../src/progressive/controller/lease-record.js';
import { MemoryCluster } from '../../support/progressive/memory-cluster.js';

const timings = { durationMs: 15_000, renewEveryMs: 5_000, deadlineMs: 10_000, retryEveryMs: 2_000 };
const { signal } = new AbortController();

describe('Lease', () => {
  let cluster: MemoryCluster;
  beforeEach(() => {
    cluster = new MemoryCluster();
  });
  const reference = leaseReference('ml-verdict', 'controller');
  /** The clock of each is as wrong as it likes: it is for people. */
  const leaseOf = (identity: string, startMs = 0): Lease => {
    let nowMs = startMs;
    return new Lease({
      api: cluster,
      namespace: 'ml-verdict',
      name: 'controller',
      identity,
      timings,
      now: () => (nowMs += 1000),
    });
  };
  const record = () => {
    const object = cluster.read(reference);
    assert.ok(object);
    return readLease(object);
  };

  it('is made by the first, and held against others whatever their clocks say', async () => {
    const one = leaseOf('one');
    assert.deepEqual(await one.acquire(0, signal), { kind: 'held' });
    const two = leaseOf('two', 1e12);
    assert.deepEqual(await two.acquire(2000, signal), { kind: 'other', holder: 'one' });
    assert.equal(record().holder, 'one');
    assert.match(record().renewTime, /^1970-01-01T00:00:0\d\.000000Z$/);
  });

  it('is taken once it did not change for its duration, and not before', async () => {
    await leaseOf('one').acquire(0, signal);
    const two = leaseOf('two');
    for (let slept = 0; slept < 15_000; slept += 2000) {
      assert.equal((await two.acquire(2000, signal)).kind, 'other');
    }
    assert.equal((await two.acquire(2000, signal)).kind, 'held');
    assert.deepEqual([record().holder, record().transitions], ['two', 1]);
  });

  it('is not taken while it is renewed', async () => {
    const one = leaseOf('one');
    await one.acquire(0, signal);
    const two = leaseOf('two');
    for (let round = 0; round < 20; round += 1) {
      assert.equal((await one.renew(signal)).kind, 'held');
      assert.equal((await two.acquire(5000, signal)).kind, 'other');
    }
  });

  it('goes to one of two who try at the same time', async () => {
    await leaseOf('gone').acquire(0, signal);
    const [two, three] = [leaseOf('two'), leaseOf('three')];
    for (const lease of [two, three]) await lease.acquire(0, signal);
    const tries = await Promise.all([two.acquire(20_000, signal), three.acquire(20_000, signal)]);
    assert.equal(tries.filter(({ kind }) => kind === 'held').length, 1);
  });

  it('is lost for who finds another holder, and kept where somebody else only labelled it', async () => {
    const one = leaseOf('one');
    await one.acquire(0, signal);
    cluster.edit(reference, (object) => ({
      ...object,
      metadata: { ...object.metadata, labels: { team: 'x' } },
    }));
    assert.equal((await one.renew(signal)).kind, 'held');
    cluster.edit(reference, (object) => ({ ...object, spec: { holderIdentity: 'two' } }));
    assert.deepEqual(await one.renew(signal), { kind: 'other', holder: 'two' });
    await one.release(signal);
    assert.equal(record().holder, 'two');
  });

  it('is given up at once', async () => {
    const one = leaseOf('one');
    await one.acquire(0, signal);
    await one.release(signal);
    assert.equal(record().holder, '');
    assert.equal((await leaseOf('two').acquire(0, signal)).kind, 'held');
  });

  it('says why it could not be asked for', async () => {
    cluster.fail({ failure: { kind: 'forbidden', reason: 'no rights on leases' } });
    assert.deepEqual(await leaseOf('one').acquire(0, signal), {
      kind: 'failed',
      reason: 'no rights on leases',
    });
  });
});
