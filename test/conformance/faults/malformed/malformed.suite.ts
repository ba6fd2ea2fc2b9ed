import assert from 'node:assert/strict';
import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { routes } from '../../../../src/server/routes/index.js';
import type { Route } from '../../../../src/server/routes/route.js';
import { compiledProgram } from '../../../support/service/compiled-program.js';
import { ServiceProcess } from '../../../support/service/service-process.js';
import { sendCanary } from '../canary-traffic.js';
import { Contract, type OpenApi } from './contract.js';
import { exchange } from './exchange.js';
import { breakage, malformedRequests } from './malformed-requests.js';
import { wireBytes, type SentRequest } from './sent-request.js';

/** So many requests of each route, and so many of them at a time. */
const inputs = 10_000;
const lanes = 40;

/** How long an answer to a damaged request is waited for before its end is told. */
const patienceMs = 100;

describe('malformed requests: never a 500, never a crash, always an answer that the contract has', function () {
  this.timeout(180_000);
  let folder: string;
  let service: ServiceProcess;
  let contract: Contract;

  before(async () => {
    compiledProgram();
    folder = mkdtempSync(join(tmpdir(), 'ml-verdict-malformed-'));
    service = await ServiceProcess.start({
      ledger: { folder },
      // What is refused for being too many has tests of its own.
      config: { limits: { reads: 1000, callerRequests: 1_000_000_000 } },
    });
    await sendCanary(service);
    contract = new Contract(JSON.parse((await service.call('/openapi.json')).text) as OpenApi);
  });

  after(async () => {
    await service.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Sends one request; answers what is wrong with what came back. */
  async function wrongOf(
    route: Route,
    request: SentRequest,
    damage: (bytes: Buffer) => Buffer,
  ): Promise<string | undefined> {
    const whole = wireBytes(request);
    // Whether an answer to a damaged HEAD has a body cannot be told from outside.
    const sent = request.method === 'HEAD' ? whole : damage(whole);
    try {
      const head = request.method === 'HEAD';
      if (sent === whole) {
        const answer = await exchange(service.port, { bytes: sent, head });
        assert.ok(answer !== undefined, 'no answer');
        contract.checkAnswer(route, request, answer);
      } else {
        const answer =
          (await exchange(service.port, { bytes: sent, head, endAfterMs: patienceMs })) ??
          // It may have been about to answer.
          (await exchange(service.port, { bytes: sent, head, endAfterMs: 20 * patienceMs }));
        assert.ok(answer !== undefined, 'no answer');
        contract.checkAnswerToAnything(answer);
      }
      return undefined;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return `${reason}\nafter ${JSON.stringify(sent.toString('latin1').slice(0, 2000))}`;
    }
  }

  for (const route of routes) {
    it(`${inputs} of ${route.path}`, async () => {
      const drawn = fc
        .sample(fc.tuple(malformedRequests(route), breakage), { numRuns: inputs, seed: 5 })
        .values();
      const wrong: string[] = [];
      const lane = async (): Promise<void> => {
        for (const [request, damage] of drawn) {
          const reason = await wrongOf(route, request, damage);
          if (reason !== undefined) wrong.push(reason);
        }
      };
      await Promise.all(Array.from({ length: lanes }, lane));
      assert.equal(wrong.length, 0, `${wrong.length} of ${inputs}; the shortest: ${shortest(wrong)}`);
      assert.equal((await service.call('/healthz')).status, 200);
    });
  }

  it('leave nothing in the log that says that the service failed', () => {
    assert.ok(!service.hasEnded);
    assert.deepEqual(
      service.log.filter((line) => /"level":"(?:error|fatal)"/.test(line)),
      [],
    );
  });
});

function shortest(texts: readonly string[]): string {
  return [...texts].sort((a, b) => a.length - b.length)[0] ?? '';
}
