import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Verdict } from '../../../src/domain/verdict.js';
import { compiledProgram } from '../../support/service/compiled-program.js';
import { FastClock } from '../../support/service/fast-clock.js';
import { until } from '../../support/until.js';
import { askSqlite } from '../faults/sqlite-database.js';
import { AskedRollout, type RolloutEnd } from './traffic/asked-rollout.js';
import { characters, type CharacterName } from './traffic/characters.js';
import { ledgerTallies, wholeMinutes } from './traffic/ledger-tallies.js';
import { PersistentSender, type Batch, type SenderTally } from './traffic/persistent-sender.js';
import { serviceTokens, startVerdictService, type VerdictService } from './traffic/start-verdict-service.js';

/** A look takes two seconds. */
const factor = 30;
const requestsPerLook = 3000;
/** What is decided is decided within so many looks of a step. */
const mostLooks = 12;

interface Expected {
  readonly verdict: Verdict;
  /** The weight of the step at which it ends. */
  readonly weight: number;
  /** Which guardrail, or what else, the verdict is about. */
  readonly because: RegExp;
}

const expectations: Readonly<Record<CharacterName, Expected>> = {
  healthy: { verdict: 'promote', weight: 50, because: /^[a-z0-9-]+: / },
  errors: { verdict: 'rollback', weight: 5, because: /^error-rate: errors .* > 1 %/ },
  slow: { verdict: 'rollback', weight: 5, because: /^latency-p99: p99 .* > 500 ms/ },
  drifted: { verdict: 'rollback', weight: 5, because: /^prediction-drift: PSI .* > 0\.2/ },
  proxyDown: { verdict: 'rollback', weight: 5, because: /^business-proxy: change -.* < -3 %/ },
  grey: { verdict: 'hold', weight: 5, because: /^error-rate: errors .* between 0\.5 % and 1 %/ },
  lateOnset: { verdict: 'rollback', weight: 50, because: /^error-rate: errors .* > 1 %/ },
  quiet: { verdict: 'hold', weight: 5, because: / evidence .* of .* needed/ },
};

describe('the traffic of the scenarios, and the service under a fast clock', function () {
  this.timeout(180_000);
  let folder: string;
  let clock: FastClock;
  let service: VerdictService;
  const rollouts: AskedRollout[] = [];

  const newRollout = (name: string, character: CharacterName): AskedRollout => {
    const rollout = new AskedRollout({
      ...{ clock, service, name, character: characters[character] },
      ...{ requestsPerLook, mostLooks },
    });
    rollouts.push(rollout);
    return rollout;
  };

  before(async () => {
    compiledProgram();
    folder = mkdtempSync(join(tmpdir(), 'ml-verdict-traffic-'));
    clock = new FastClock({ factor, fromMs: Date.now() });
    // No load balancer has to notice that it stops.
    service = await startVerdictService({ clock, folder, config: { server: { drainDelay: '0s' } } });
  });

  after(async () => {
    for (const { traffic } of rollouts) traffic.abandon();
    await service.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  /** What the service has counted is what was sent, and of every whole minute all requests. */
  const assertCounted = async (name: string, { traffic }: AskedRollout, perMinute: number): Promise<void> => {
    const ask = askSqlite(service.ledgerFolder);
    assert.equal(traffic.waiting, 0);
    assert.deepEqual(await ledgerTallies(ask, name), traffic.counted);
    const minutes = await wholeMinutes(ask, name);
    assert.ok(minutes.length > 0);
    for (const requests of minutes) assert.ok(Math.abs(requests - perMinute) <= 1, `${requests} requests`);
  };

  describe('a canary that is', () => {
    const ends = new Map<string, RolloutEnd>();
    const played = new Map<string, AskedRollout>();
    const names = Object.keys(characters) as CharacterName[];

    // Side by side: each of them only waits for the clock.
    before(async () => {
      await Promise.all(
        names.map(async (character) => {
          const rollout = newRollout(character.toLowerCase(), character);
          played.set(character, rollout);
          ends.set(character, await rollout.run());
          await rollout.traffic.finish();
        }),
      );
    });

    for (const character of names) {
      const { verdict, weight, because } = expectations[character];
      it(`${character}: ${verdict} at ${weight} %`, async () => {
        const [end, rollout] = [ends.get(character), played.get(character)];
        assert.ok(end !== undefined && rollout !== undefined);
        const sentence = end.document.measurement[2];
        assert.deepEqual([end.verdict, end.weight], [verdict, weight], sentence);
        assert.match(sentence, because);
        const perMinute = requestsPerLook * characters[character].traffic;
        await assertCounted(character.toLowerCase(), rollout, perMinute);
      });
    }

    it('held for lack of evidence says so', () => {
      const codes = ends.get('quiet')?.document.reasons.map(({ code }) => code) ?? [];
      assert.ok(codes.includes('more-evidence-needed'), codes.join(', '));
    });

    it('decided by evidence has all four guardrails behind it', () => {
      const guardrails = ends.get('healthy')?.document.guardrails ?? [];
      assert.deepEqual(
        guardrails.map(({ name, reasonCode }) => [name, reasonCode]),
        ['error-rate', 'latency-p99', 'prediction-drift', 'business-proxy'].map((name) => [name, 'promote']),
      );
    });
  });

  it('are told apart by their tokens: each is let in for one thing', async () => {
    const statusOf = async (path: string, token: string, body: string) => {
      const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
      return (await service.process.call(path, { headers, body })).status;
    };
    assert.equal(await statusOf('/v1/predictions', serviceTokens.verdict, '[]'), 403);
    assert.equal(await statusOf('/v1/verdict', serviceTokens.ingest, '{}'), 403);
    assert.equal(await statusOf('/v1/verdict', 'nobody-of-the-scenarios', '{}'), 401);
  });

  it('loses nothing and counts nothing twice while the service is killed or stopped, and both agree on the time afterwards', async () => {
    const rollout = newRollout('killed', 'healthy');
    const { traffic } = rollout;
    traffic.start();
    rollout.letIn(25);
    const stop = async () => {
      assert.deepEqual(await service.stop(), { status: 0, signal: null });
    };
    for (const end of [() => service.kill(), stop]) {
      const before = traffic.tally.counted;
      await until(() => traffic.tally.counted > before + 4);
      await end();
      // A look of predictions and outcomes.
      await until(() => traffic.waiting >= 12);
      await service.start();
      await until(() => traffic.waiting <= 2);
    }
    const asked = async () => {
      const { verdict, asOf } = await rollout.ask();
      assert.ok(Math.abs(Date.parse(asOf ?? '') - clock.nowMs()) < 120_000, `as of ${asOf ?? 'nothing'}`);
      assert.notEqual(verdict, 'rollback');
      return verdict === 'promote';
    };
    await until(asked);
    const { failedAttempts } = await traffic.finish();
    assert.ok(failedAttempts > 0);
    await assertCounted('killed', rollout, requestsPerLook);
  });
});

describe('a sender that gives nothing up', () => {
  let server: Server;
  let sender: PersistentSender;
  const seen: string[] = [];
  /** How the next requests are answered: with a status, or by a connection that is cut. */
  let answers: (number | 'cut')[] = [];
  let counted = 0;

  beforeEach(async () => {
    seen.length = 0;
    counted = 0;
    server = createServer((request, response) => {
      request.resume().once('end', () => {
        const key = String(request.headers['idempotency-key']);
        const answer = answers.shift() ?? 200;
        const duplicate = seen.includes(key);
        seen.push(key);
        if (answer === 'cut') request.socket.destroy();
        else response.writeHead(answer).end(JSON.stringify({ accepted: 1, refused: [], duplicate }));
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    sender = new PersistentSender(() => `http://127.0.0.1:${port}`, 'token');
  });

  afterEach(() => {
    sender.abandon();
    server.close();
  });

  const send = (...keys: readonly string[]): Promise<SenderTally> => {
    const batch: Omit<Batch, 'key'> = {
      ...{ route: '/v1/predictions', body: '{}', lines: 1 },
      onCounted: () => counted++,
    };
    for (const key of keys) sender.add({ ...batch, key });
    return sender.finish();
  };

  it('sends what was not acknowledged again, before anything else, and counts it once', async () => {
    answers = ['cut', 503, 401];
    assert.deepEqual(await send('a', 'b'), { counted: 2, repeated: 1, failedAttempts: 3 });
    assert.deepEqual(seen, ['a', 'a', 'a', 'a', 'b']);
    assert.equal(counted, 2);
  });

  it('fails where a batch is wrong', async () => {
    answers = [422];
    await assert.rejects(send('a'), /\/v1\/predictions answered 422/);
    assert.deepEqual([seen, counted], [['a'], 0]);
  });
});
