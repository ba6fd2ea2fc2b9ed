import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  HttpJudge,
  stageQuestion,
  type HttpJudgeOptions,
  type VerdictRequest,
} from '../../../src/progressive/index.js';

const toMs = Date.UTC(2026, 0, 5, 10, 30);

const request: VerdictRequest = {
  key: '1/5/progressive',
  attempt: 1,
  canary: 'v2',
  stable: 'v1',
  fromMs: toMs - 600_000,
  toMs,
  weights: [{ percent: 5, fromMs: toMs - 600_000 }],
  policy: 'progressive',
  leftOutSeconds: 300,
  confidence: 0.8,
  proxyIfUndecided: 'pass',
};

const document = {
  id: 'abc',
  verdict: 'promote',
  canary: 'v2',
  stable: 'v1',
  asOf: '2026-01-05T10:30:00Z',
  measurement: [1, 'promote', 'error-rate: errors 0 %'],
  guardrails: [{ estimate: 0 }],
  guarantee: { falseRollback: 0.05 },
};

describe('HttpJudge', () => {
  let server: Server;
  let folder: string;
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  const bodies: string[] = [];
  const heads: IncomingMessage['headers'][] = [];

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ml-verdict-judge-'));
    server = createServer((asked, response) => {
      const chunks: Buffer[] = [];
      heads.push(asked.headers);
      asked.on('data', (chunk: Buffer) => chunks.push(chunk));
      asked.on('end', () => {
        bodies.push(Buffer.concat(chunks).toString());
        answer(asked, response);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  after(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function ask(options: Partial<HttpJudgeOptions> = {}) {
    const judge = new HttpJudge({ url: url(), ...options });
    const given = await judge.ask({ namespace: 'ml', model: 'm' }, request, new AbortController().signal);
    await judge.close();
    return given;
  }

  it('sends what the stage is, and reads the verdict', async () => {
    answer = (_, response) => response.end(JSON.stringify(document));
    const given = await ask();
    assert.deepEqual(given, {
      kind: 'verdict',
      verdict: {
        key: request.key,
        attempt: 1,
        canary: 'v2',
        stable: 'v1',
        toMs,
        id: 'abc',
        verdict: 'promote',
        sentence: 'error-rate: errors 0 %',
        isBlind: false,
        guarantee: 'stated',
      },
    });
    assert.deepEqual(JSON.parse(bodies.at(-1) ?? ''), {
      namespace: 'ml',
      model: 'm',
      canary: 'v2',
      stable: 'v1',
      policy: 'progressive',
      since: '2026-01-05T10:20:00Z',
      step: '5 %',
      confidence: 0.8,
      stage: {
        stabilisation: 300,
        weights: [{ percent: 5, from: '2026-01-05T10:20:00.000Z' }],
        proxyIfUndecided: 'pass',
      },
    });
  });

  it('says that nothing is left out of a window', () => {
    const asked = { ...request, leftOutSeconds: null, confidence: null, proxyIfUndecided: null };
    const question = stageQuestion({ namespace: 'ml', model: 'm' }, asked);
    assert.deepEqual(question['stage'], {
      stabilisation: 'none',
      weights: [{ percent: 5, from: '2026-01-05T10:20:00.000Z' }],
    });
    assert.equal('confidence' in question, false);
  });

  it('takes nothing but a verdict for a verdict', async () => {
    const bad: readonly [string, (response: ServerResponse) => void][] = [
      ['answered with 503', (response) => response.writeHead(503).end('{}')],
      ['answered with 302', (response) => response.writeHead(302, { location: '/x' }).end()],
      ['is not JSON', (response) => response.end('<html>')],
      ['no verdict document', (response) => response.end('null')],
      ['no verdict document', (response) => response.end(JSON.stringify({ ...document, verdict: 'go' }))],
      ['no verdict document', (response) => response.end(JSON.stringify({ ...document, guardrails: null }))],
      ['too long', (response) => response.end(Buffer.alloc(5 * 1024 * 1024, 32))],
      ['ECONNRESET', (response) => response.socket?.destroy()],
    ];
    for (const [expected, give] of bad) {
      answer = (_, response) => {
        give(response);
      };
      const given = await ask();
      assert.equal(given.kind, 'unavailable', expected);
      assert.match(given.reason, new RegExp(expected));
    }
  });

  it('gives up on a service that does not answer, and on one that is not there', async () => {
    answer = () => undefined;
    const slow = await ask({ timeoutMs: 50 });
    assert.deepEqual(slow, { kind: 'unavailable', reason: 'the service did not answer in time' });
    const away = await ask({ url: 'http://127.0.0.1:1' });
    assert.deepEqual(away, { kind: 'unavailable', reason: 'the service cannot be asked (ECONNREFUSED)' });
  });

  it('reads its token anew each time, and never tells it', async () => {
    const file = join(folder, 'token');
    answer = (_, response) => response.end(JSON.stringify(document));
    for (const token of ['first-token', 'second-token']) {
      writeFileSync(file, `${token}\n`);
      assert.equal((await ask({ tokenFile: file })).kind, 'verdict');
      assert.equal(heads.at(-1)?.authorization, `Bearer ${token}`);
    }
    writeFileSync(file, 'two\nlines-of-secret');
    const given = await ask({ tokenFile: file });
    assert.equal(given.kind, 'unavailable');
    assert.doesNotMatch(given.reason, /secret|two/);
    const none = await ask({ tokenFile: join(folder, 'none') });
    assert.deepEqual(none, { kind: 'unavailable', reason: 'the service cannot be asked (ENOENT)' });
  });
});
