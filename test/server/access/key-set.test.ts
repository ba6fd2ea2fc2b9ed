import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { errors, jwtVerify } from 'jose';
import { KeySets } from '../../../src/server/access/index.js';
import { KeySet, KeysUnavailableError } from '../../../src/server/access/key-set.js';
import { until } from '../../support/until.js';
import { KeyServer } from './support/key-server.js';
import { makeSigner, type Signer } from './support/signer.js';

const times = { timeoutMs: 1000, maxAgeMs: 600_000, pauseMs: 30_000, pauseAfterFailureMs: 5000 };

describe('KeySet', () => {
  let keyServer: KeyServer;
  let old: Signer;
  let fresh: Signer;
  let nowMs: number;
  let keys: KeySet;

  before(async () => {
    old = await makeSigner('ES256', 'old');
    fresh = await makeSigner('ES256', 'new');
  });

  beforeEach(async () => {
    keyServer = await KeyServer.start();
    keyServer.keys = [old.publicKey];
    nowMs = 0;
    keys = new KeySet(keyServer.uri, () => nowMs, times);
  });

  afterEach(() => keyServer.close());

  const verify = async (signer: Signer) => jwtVerify(await signer.sign(), keys.get);
  const verified = async (signer: Signer) => (await verify(signer)).payload.sub === 'argo';
  const unknown = (signer: Signer) => assert.rejects(verify(signer), errors.JWKSNoMatchingKey);
  const unavailable = (signer: Signer) => assert.rejects(verify(signer), KeysUnavailableError);

  async function fits(signer: Signer, set: KeySet): Promise<boolean> {
    try {
      await jwtVerify(await signer.sign(), set.get);
      return true;
    } catch {
      return false;
    }
  }

  /** Waits until the keys have been asked for so often. */
  async function asked(times_: number): Promise<void> {
    while (keyServer.requests < times_) await new Promise((resolve) => setTimeout(resolve, 1));
  }

  it('fetches nothing before the first token, and once for a hundred', async () => {
    assert.equal(keyServer.requests, 0);
    const all = await Promise.all(Array.from({ length: 100 }, () => verified(old)));
    assert.ok(all.every(Boolean));
    assert.equal(keyServer.requests, 1);
  });

  it('finds a key that was added, once the pause is over', async () => {
    assert.ok(await verified(old));
    keyServer.keys = [old.publicKey, fresh.publicKey];
    await unknown(fresh);
    nowMs = times.pauseMs;
    assert.ok(await verified(fresh));
    assert.ok(await verified(old));
    assert.equal(keyServer.requests, 2);
  });

  it('finds a key that was added, and forgets one that was withdrawn, while the clock of the machine is set back', async () => {
    const clock = Date.now;
    let setBackMs = 0;
    Date.now = () => clock() - setBackMs;
    try {
      const set = new KeySets(undefined, { ...times, pauseMs: 1 }).at(keyServer.uri);
      assert.ok(await fits(old, set));
      keyServer.keys = [fresh.publicKey];
      setBackMs = 3_600_000;
      let found = false;
      for (let attempts = 0; attempts < 50 && !found; attempts++) {
        await pause(2);
        found = await fits(fresh, set);
      }
      assert.ok(found);
      assert.equal(await fits(old, set), false);
    } finally {
      Date.now = clock;
    }
  });

  it('asks once in a pause, however many tokens name keys that nobody has', async () => {
    assert.ok(await verified(old));
    for (let token = 0; token < 50; token++) await unknown(fresh);
    assert.equal(keyServer.requests, 1);
    nowMs = times.pauseMs;
    await Promise.all(Array.from({ length: 50 }, () => unknown(fresh)));
    assert.equal(keyServer.requests, 2);
  });

  it('fetches keys that have grown old beside the requests, and forgets those that are gone', async () => {
    assert.ok(await verified(old));
    keyServer.keys = [fresh.publicKey];
    nowMs = times.maxAgeMs + 1;
    assert.ok(await verified(old), 'the known key answers at once');
    await asked(2);
    // That they were asked for does not say that they are here.
    await until(() => fits(fresh, keys));
    await unknown(old);
  });

  for (const [what, breakIt] of [
    ['is away', async (server: KeyServer) => server.close()],
    ['does not answer', (server: KeyServer) => void (server.hangs = true)],
    ['answers an error', (server: KeyServer) => void (server.answer = { status: 500, body: '{"keys":[]}' })],
    ['answers a page', (server: KeyServer) => void (server.answer = { status: 200, body: '<html>' })],
    [
      'answers no key set',
      (server: KeyServer) => void (server.answer = { status: 200, body: '{"keys":[1]}' }),
    ],
    [
      'answers without end',
      (server: KeyServer) => void (server.answer = { status: 200, body: ' '.repeat(2 ** 21) }),
    ],
    ['points elsewhere', (server: KeyServer) => void (server.answer = { status: 302, body: '' })],
  ] as const) {
    it(`goes on with the keys that it knows while the issuer ${what}`, async () => {
      assert.ok(await verified(old));
      await breakIt(keyServer);
      nowMs = times.maxAgeMs * 100;
      assert.ok(await verified(old));
      nowMs += times.pauseMs;
      await unavailable(fresh);
      assert.ok(await verified(old));
    });
  }

  it('says that nothing can be said where it never had a key, and asks again after a while', async () => {
    keyServer.answer = { status: 503, body: '' };
    for (let token = 0; token < 20; token++) await unavailable(old);
    assert.equal(keyServer.requests, 1);
    keyServer.answer = undefined;
    await unavailable(old);
    nowMs = times.pauseAfterFailureMs;
    assert.ok(await verified(old));
    assert.equal(keyServer.requests, 2);
  });

  it('does not take part of a key set for keys', async () => {
    keyServer.keys = [{ ...old.publicKey, x: 'AA' }];
    await unavailable(old);
  });
});
