import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { VerdictDocument } from '../../../../src/domain/verdict.js';
import { predictionLines } from '../../../server/support/traffic.js';
import {
  authority,
  identity,
  type Identity,
} from '../../../sources/prometheus/server/support/certificates.js';
import { backfill } from '../../../support/prometheus/backfill/backfill.js';
import type { MetricServer } from '../../../support/prometheus/metric-server.js';
import { startPrometheus } from '../../../support/prometheus/start-servers.js';
import { until } from '../../../support/until.js';
import { canarySeries, looksBehind, scrapeSeconds } from './live-canary.js';
import { faultCases, innerSecret } from './faults.js';
import { FaultyService, isUnjudged, judgedPart, ledgerModel, type ServerSetting } from './faulty-service.js';
import { MisbehavingProxy } from './misbehaving-proxy.js';

const minuteMs = 60_000;

/** The end of the newest look that counts when something is asked; the servers have more. */
const endMs = Math.floor(Date.now() / minuteMs) * minuteMs - 10 * minuteMs;

/** When it is over. */
export const nowMs = endMs + 2000 * scrapeSeconds + 5000;

export const password = 'a-s3cr3t-word';
const tenant = 'tenant-s3cr3t';
export const basic = Buffer.from(`judge:${password}`).toString('base64');

/** What nobody may be told. */
export const secrets = [password, tenant, basic, innerSecret, 's3cr3t'];

/** A real Prometheus, a proxy before it for each fault, and the real service that reads through them. */
export class FaultRig {
  readonly proxies = new Map<string, MisbehavingProxy>();
  /** What is to be ended, the last one first. */
  readonly #open: (() => unknown)[] = [];
  readonly #folder = mkdtempSync(join(tmpdir(), 'ml-verdict-secrets-'));
  #server: MetricServer | undefined;
  #service: FaultyService | undefined;
  #authority: Identity | undefined;
  #trusted: Identity | undefined;

  get service(): FaultyService {
    return this.#service ?? assert.fail('not started');
  }

  get server(): MetricServer {
    return this.#server ?? assert.fail('not started');
  }

  get trusted(): Identity {
    return this.#trusted ?? assert.fail('not started');
  }

  async start(): Promise<void> {
    this.#open.push(() => {
      rmSync(this.#folder, { recursive: true, force: true });
    });
    await this.startServer();
    this.#open.push(() => this.#server?.stop());
    await backfill(this.server, [
      ...canarySeries({ namespace: 'shop' }, endMs),
      ...canarySeries({ namespace: 'gone', endsAfterLooks: looksBehind - 8 }, endMs),
      ...canarySeries({ namespace: 'failing', failsEvery: 10 }, endMs),
      ...canarySeries({ namespace: 'large', podsOfVersion: 500, scrapeSeconds: 60, looks: 10 }, endMs),
    ]);
    this.#authority = await authority('ours');
    this.#trusted = await identity({ signedBy: this.#authority, ip: '127.0.0.1' });
    writeFileSync(this.#path('ca.pem'), this.#authority.cert);
    writeFileSync(this.#path('tenant'), tenant);
    this.writePassword(password);
    this.#service = await FaultyService.start({ servers: await this.#servers(), nowMs });
    this.#open.push(() => this.#service?.stop());
    await this.#service.setClock();
    const versions = [
      { version: 'v1', minutes: 30, perMinute: 80 },
      { version: 'v2', minutes: 20, perMinute: 20 },
    ];
    const common = { model: ledgerModel, namespace: 'shop', endMs };
    const lines = versions.flatMap((traffic) => predictionLines({ ...traffic, ...common }));
    const body = lines.map((line) => JSON.stringify(line)).join('\n');
    const { status, text } = await this.#service.process.call('/v1/predictions', { body });
    assert.equal(status, 200, text);
  }

  async stop(): Promise<void> {
    for (const end of this.#open.reverse()) await end();
  }

  /** Starts Prometheus on the data that it had before, at another address; the proxies find it. */
  async startServer(): Promise<void> {
    this.#server = await startPrometheus({ dataFolder: this.#path('data') });
    for (const proxy of this.proxies.values()) proxy.upstream = this.#server.url;
  }

  proxyOf(name: string): MisbehavingProxy {
    return this.proxies.get(name) ?? assert.fail(name);
  }

  writePassword(text: string): void {
    writeFileSync(this.#path('password'), text);
  }

  /** A certificate of the authority that the service trusts, which is too old. */
  expired(): Promise<Identity> {
    return identity({ signedBy: this.#authority ?? assert.fail(), ip: '127.0.0.1', isExpired: true });
  }

  /** The verdict of a question that has to be answered. */
  async judged(model: string, namespace?: string): Promise<VerdictDocument> {
    const { document } = await this.service.ask(model, namespace);
    assert.ok(!isUnjudged(document), JSON.stringify(document.reasons));
    return document;
  }

  /** Asks until something is judged again. */
  async recovered(model: string): Promise<VerdictDocument> {
    let found: VerdictDocument | undefined;
    await until(async () => {
      const { document } = await this.service.ask(model);
      if (isUnjudged(document)) assert.equal(document.verdict, 'hold');
      else found = document;
      return found !== undefined;
    });
    return found ?? assert.fail();
  }

  /** Fails unless a verdict is what somebody gets at the same time who reads without a fault. */
  async assertAsElsewhere(document: VerdictDocument, model = 'direct-0'): Promise<void> {
    const elsewhere = await this.judged(model);
    assert.equal(elsewhere.verdict, 'promote');
    // The clock may have come to the next look between the two.
    if (elsewhere.asOf === document.asOf) assert.deepEqual(judgedPart(document), judgedPart(elsewhere));
    else assert.equal(document.verdict, elsewhere.verdict);
  }

  #path(name: string): string {
    return join(this.#folder, name);
  }

  async #servers(): Promise<Readonly<Record<string, ServerSetting>>> {
    const plain = ['direct', 'restarted', 'failures-are-no-numbers', 'large'];
    const settings: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
      ...Object.fromEntries(plain.map((name) => [name, {}])),
      ...Object.fromEntries(faultCases.map(({ name, settings = {} }) => [name, settings])),
      'too-many-series': { maxSeries: 10_000 },
      'too-many-bytes': { maxResponse: '256KiB' },
      guarded: { basicAuth: { username: 'judge', passwordFile: this.#path('password') } },
      secure: { tls: { caFile: this.#path('ca.pem') } },
    };
    const servers: Record<string, ServerSetting> = {};
    for (const [name, special] of Object.entries(settings)) {
      const tls = name === 'secure' ? this.trusted : undefined;
      const proxy = await MisbehavingProxy.start(this.server.url, tls);
      this.proxies.set(name, proxy);
      this.#open.push(() => proxy.stop());
      servers[name] = {
        url: proxy.url,
        timeout: '1500ms',
        scrapeInterval: `${scrapeSeconds}s`,
        headers: { 'X-Scope-OrgID': { file: this.#path('tenant') } },
        ...special,
      };
    }
    return servers;
  }
}
