import assert from 'node:assert/strict';
import type { VerdictDocument } from '../../../src/domain/verdict.js';
import { PostgresServer } from '../../support/postgres/postgres-server.js';
import { compiledProgram } from '../../support/service/compiled-program.js';
import { until } from '../../support/until.js';
import { FaultRig, basic, nowMs, password, secrets } from './faults/fault-rig.js';
import { faultCases, innerSecret } from './faults/faults.js';
import { FaultyService, deadlineMs, isUnjudged, judgedPart, ledgerModel } from './faults/faulty-service.js';
import { looksBehind, scrapeSeconds } from './faults/live-canary.js';
import { pass } from './faults/misbehaving-proxy.js';

const minuteMs = 60_000;

describe('a Prometheus that misbehaves', function () {
  this.timeout(60_000);
  const rig = new FaultRig();

  before(async () => {
    compiledProgram();
    await rig.start();
  });

  beforeEach(() => rig.service.setClock());

  after(() => rig.stop());

  it('is asked by a service that promotes and rolls back from it otherwise', async () => {
    const document = await rig.judged('direct-0');
    assert.equal(document.verdict, 'promote');
    assert.equal(document.looks, looksBehind);
    assert.equal((await rig.judged('direct-0', 'failing')).verdict, 'rollback');
    assert.equal((await rig.judged(ledgerModel)).looks, 20);
  });

  for (const { name, what, begin, end, code, reason, settings, isSlow = false } of faultCases) {
    it(`that ${what}: holds and says so in time, others are answered meanwhile, and it recovers (${name})`, async () => {
      const proxy = rig.proxyOf(name);
      await rig.assertAsElsewhere(await rig.judged(`${name}-0`));
      await begin(proxy);
      let isAnswered = false;
      const asked = rig.service.ask(`${name}-1`).finally(() => {
        isAnswered = true;
      });
      const other = await rig.judged(ledgerModel);
      assert.equal(other.looks, 20);
      if (isSlow) assert.equal(isAnswered, false, 'others have to wait for it');
      const all = [
        await asked,
        await rig.service.ask(`${name}-1`, 'shop', { guardrail: 'error-rate' }),
        await rig.service.ask(`${name}-2`, 'failing'),
      ];
      for (const { document } of all) {
        assert.equal(document.verdict, 'hold');
        assert.equal(document.reasons[0]?.code, code, JSON.stringify(document.reasons));
        assert.match(document.reasons[0].text, reason);
        // Whoever set a timeout beyond the deadline of a verdict is told of the deadline alone.
        if (settings?.['timeout'] === undefined) assert.ok(document.reasons[0].text.includes(`"${name}"`));
      }
      await end(proxy);
      await rig.assertAsElsewhere(await rig.recovered(`${name}-1`));
    });
  }

  it('that refuses the password: holds and says so, and goes on with the right one without a restart', async () => {
    rig.proxyOf('guarded').fault = async (response, forward, { headers }) => {
      if (headers.authorization === `Basic ${basic}`) {
        pass(response, await forward());
        return;
      }
      const complaint = `no ${headers.authorization ?? ''} ${innerSecret}`;
      response.writeHead(401, { 'www-authenticate': 'Basic' }).end(complaint);
    };
    await rig.assertAsElsewhere(await rig.judged('guarded-0'));
    rig.writePassword('another-s3cr3t');
    // About a time that has passed nothing is kept; what was read of the file is good for a second.
    const asOf = new Date(nowMs).toISOString();
    await until(async () => isUnjudged((await rig.service.ask('guarded-1', 'shop', { asOf })).document));
    const { document } = await rig.service.ask('guarded-2');
    assert.equal(document.verdict, 'hold');
    assert.match(
      document.reasons[0]?.text ?? '',
      /"guarded" refuses the credentials \(401\): check basicAuth\.username and basicAuth\.passwordFile/,
    );
    rig.writePassword(password);
    await rig.assertAsElsewhere(await rig.recovered('guarded-2'));
  });

  it('whose certificate has expired: holds and says so, and goes on once it is renewed', async () => {
    const proxy = rig.proxyOf('secure');
    await rig.assertAsElsewhere(await rig.judged('secure-0'));
    await proxy.stop();
    await proxy.comeBack(await rig.expired());
    const { document } = await rig.service.ask('secure-1');
    assert.equal(document.verdict, 'hold');
    assert.match(document.reasons[0]?.text ?? '', /"secure" shows a certificate that has expired/);
    assert.equal(proxy.asked, 0);
    await proxy.stop();
    await proxy.comeBack(rig.trusted);
    await rig.assertAsElsewhere(await rig.recovered('secure-1'));
  });

  it('that is killed in the middle of a canary: holds, tells the last verdict, and goes on where it was', async () => {
    const before = await rig.judged('restarted-0');
    assert.deepEqual([before.verdict, before.looks], ['promote', looksBehind]);
    await rig.server.process.stop('SIGKILL');
    await rig.service.setClock(minuteMs);
    const { document } = await rig.service.ask('restarted-0');
    assert.equal(document.verdict, 'hold');
    assert.match(document.reasons[0]?.text ?? '', /"restarted" fails \(502\)/);
    await rig.startServer();
    const after = await rig.recovered('restarted-0');
    assert.ok(after.looks > looksBehind);
    // The looks from before and the one that was fetched now are what somebody counts who has nothing of it.
    await rig.assertAsElsewhere(after, 'direct-1');
  });

  it('whose counters of failures show NaN: holds, and does not promote as if nothing had failed', async () => {
    rig.proxyOf('failures-are-no-numbers').fault = async (response, forward) => {
      const answer = await forward();
      const series = /\{"metric":\{[^}]*"code":"500"[^}]*\},"values":\[.*?\]\]\}/g;
      pass(
        response,
        answer,
        answer.text.replace(series, (one) => one.replaceAll(/,"\d+"\]/g, ',"NaN"]')),
      );
    };
    const { document } = await rig.service.ask('failures-are-no-numbers-0', 'failing');
    assert.equal(document.verdict, 'hold');
    assert.equal(document.reasons[0]?.code, 'partial-data', JSON.stringify(document.reasons));
    assert.match(document.reasons[0].text, /shows no numbers \(NaN\), http_requests_total of v[12]-\d/);
  });

  it('whose series of the canary are marked as stale: does not promote what is gone', async () => {
    const document = await rig.judged('direct-0', 'gone');
    assert.equal(document.verdict, 'hold');
    assert.ok(document.reasons.some(({ code }) => code === 'stale-data'));
  });

  it('with 1,000 series of 15 buckets: is judged in time or told, and others are answered meanwhile', async () => {
    const waiting = { isOver: false };
    const large = rig.service.ask('large-0', 'large').finally(() => {
      waiting.isOver = true;
    });
    let slowestMs = 0;
    while (!waiting.isOver) {
      const { document, tookMs } = await rig.service.ask(ledgerModel);
      assert.equal(document.looks, 20);
      slowestMs = Math.max(slowestMs, tookMs);
    }
    const { document } = await large;
    if (isUnjudged(document)) assert.match(document.reasons[0]?.text ?? '', /within 3 s|"large" had/);
    else assert.equal(document.verdict, 'promote');
    assert.ok(slowestMs < deadlineMs, `${slowestMs} ms`);
  });

  it('with more series or bytes than are taken: holds and names the setting', async () => {
    for (const [server, setting] of [
      ['too-many-series', /"too-many-series" answers more than 10000 series \(maxSeries\)/],
      ['too-many-bytes', /"too-many-bytes" answers more than 256 KiB \(maxResponse\)/],
    ] as const) {
      // On a busy machine the server itself may take longer than its timeout: that is a hold as well, and is asked again.
      await until(async () => {
        const { document } = await rig.service.ask(`${server}-0`, 'large');
        assert.equal(document.verdict, 'hold');
        return setting.test(document.reasons[0]?.text ?? '');
      });
      await rig.assertAsElsewhere(await rig.recovered(`${server}-0`));
    }
  });

  it('is no help where the database of the ledger is away: holds and says so, and recovers', async () => {
    const database = await PostgresServer.create();
    const ledger = { databaseUrl: await database.database() };
    const servers = { direct: { url: rig.proxyOf('direct').url, scrapeInterval: `${scrapeSeconds}s` } };
    const service = await FaultyService.start({ servers, ledger, nowMs });
    try {
      await service.setClock();
      const { document: before } = await service.ask('direct-0');
      assert.equal(before.verdict, 'promote');
      await database.stop('fast');
      const { document } = await service.ask('direct-0');
      assert.equal(document.verdict, 'hold');
      assert.equal(document.reasons[0]?.code, 'source-unavailable');
      assert.match(document.reasons[0].text, /^the ledger cannot be used: nothing answers at the address/);
      await database.start();
      let after: VerdictDocument = document;
      await until(async () => {
        ({ document: after } = await service.ask('direct-0'));
        return !isUnjudged(after);
      });
      assert.equal(after.verdict, before.verdict);
      if (after.asOf === before.asOf) assert.deepEqual(judgedPart(after), judgedPart(before));
    } finally {
      await service.stop();
      await database.remove();
    }
  });

  it('tells no secret: in no answer, not in the log, not in the metrics', async () => {
    const { text: metrics } = await rig.service.process.call('/metrics');
    assert.ok(rig.service.texts.length > 60);
    for (const text of [...rig.service.texts, ...rig.service.process.log, metrics]) {
      for (const secret of secrets) assert.ok(!text.includes(secret), text);
    }
  });
});
