import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { VerdictError } from '../../../src/domain/errors.js';
import { alteredLedger } from '../support/altered-ledger.js';
import { TestService } from '../support/test-service.js';

const at = '2026-01-05T10:59:30Z';

function line(extra: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({ model: 'fraud', version: 'v2', at, latencyMs: 12, ...extra });
}

describe('POST /v1/predictions and /v1/outcomes', () => {
  let service: TestService;

  beforeEach(async () => {
    service = await TestService.start({
      config: { ingest: { bodyLimit: '1MiB', lineLimit: '4KiB' } },
    });
  });

  afterEach(() => service.close());

  /** Requests of the canary that have been counted. */
  async function counted(version = 'v2'): Promise<number> {
    const answer = await service.request(`/v1/observations?model=fraud&canary=${version}`);
    if (answer.status === 404) return 0;
    const { looks } = answer.json() as { looks: readonly { canary?: { requests: number } }[] };
    return looks.reduce((sum, look) => sum + (look.canary?.requests ?? 0), 0);
  }

  it('count lines, name the refused ones and keep the others', async () => {
    const body = [
      line(),
      'not json',
      '',
      line({ version: undefined }),
      line({ prediction: 0.5 }),
      '[1]',
    ].join('\n');
    const answer = await service.post('/v1/predictions', body);
    assert.equal(answer.status, 200);
    const { accepted, refused, duplicate } = answer.json() as {
      accepted: number;
      refused: readonly { line: number; field: string; reason: string }[];
      duplicate: boolean;
    };
    assert.equal(accepted, 2);
    assert.deepEqual(
      refused.map((refusal) => [refusal.line, refusal.field]),
      [
        [2, ''],
        [4, 'version'],
        [6, ''],
      ],
    );
    assert.equal(duplicate, false);
    assert.equal(await counted(), 2);
  });

  it('answer 200 also when every line is refused, or there is none', async () => {
    const answer = await service.post('/v1/outcomes', '{"modle":"x"}');
    assert.equal(answer.status, 200);
    assert.equal((answer.json() as { accepted: number }).accepted, 0);
    assert.deepEqual((await service.post('/v1/predictions', '')).json(), {
      accepted: 0,
      refused: [],
      duplicate: false,
    });
  });

  it('take a JSON array, whatever the Content-Type', async () => {
    const array = `[${line()},${line()},${line()}]`;
    for (const type of ['application/json', 'text/plain', 'application/x-ndjson']) {
      assert.equal(
        (
          (await service.post('/v1/predictions', array, { 'Content-Type': type })).json() as {
            accepted: number;
          }
        ).accepted,
        3,
      );
    }
    assert.equal(await counted(), 9);
  });

  it('join outcomes to predictions and count those without one', async () => {
    await service.ingest('predictions', [{ model: 'fraud', version: 'v2', at, id: 'order-1' }]);
    await service.ingest('outcomes', [
      { model: 'fraud', id: 'order-1', value: 3 },
      { model: 'fraud', id: 'order-2', value: 4 },
    ]);
    assert.equal(
      await service.metric('ml_verdict_ingest_lines_total', { kind: 'outcomes', result: 'accepted' }),
      2,
    );
    assert.equal(
      await service.metric('ml_verdict_ingest_lines_total', { kind: 'outcomes', result: 'unmatched' }),
      1,
    );
  });

  it('take encoded bodies and refuse encodings that they do not know', async () => {
    const body = [line(), line()].join('\n');
    for (const [encoding, bytes] of [
      ['gzip', gzipSync(body)],
      ['deflate', deflateSync(body)],
      ['br', brotliCompressSync(body)],
      ['GZIP', gzipSync(body)],
    ] as const) {
      const answer = await service.post('/v1/predictions', bytes, { 'Content-Encoding': encoding });
      assert.deepEqual(answer.json(), { accepted: 2, refused: [], duplicate: false }, encoding);
    }
    const unknown = await service.post('/v1/predictions', body, { 'Content-Encoding': 'snappy' });
    assert.equal(unknown.status, 415);
    const broken = await service.post('/v1/predictions', gzipSync(body).subarray(0, 30), {
      'Content-Encoding': 'gzip',
    });
    assert.equal(broken.status, 400);
    assert.equal(await counted(), 8);
  });

  it('limit a body by what is in it, not by how it was packed', async () => {
    const packed = gzipSync(`${line()}\n`.repeat(40_000));
    assert.ok(packed.length < 100_000);
    const answer = await service.post('/v1/predictions', packed, { 'Content-Encoding': 'gzip' });
    assert.equal(answer.status, 413);
    assert.equal(await counted(), 0);
  });

  it('answer 413 to a body that is too large, and keep nothing of it', async () => {
    const answer = await service.post('/v1/predictions', `${line()}\n`.repeat(50_000));
    assert.equal(answer.status, 413);
    assert.match(answer.type, /^application\/problem\+json/);
    const array = `[${Array<string>(50_000).fill(line()).join(',')}]`;
    assert.equal((await service.post('/v1/predictions', array)).status, 413);
    assert.equal(await counted(), 0);
  });

  it('limit an encoded body also by what is sent: of nothing there may be any amount', async () => {
    const member = gzipSync('');
    const empty = Buffer.concat(Array<Buffer>(Math.ceil((2 * 1024 * 1024) / member.length)).fill(member));
    const answer = await service.post('/v1/predictions', empty, { 'Content-Encoding': 'gzip' });
    assert.equal(answer.status, 413);
    assert.match(answer.text, /at most 1048576 bytes/);
  });

  it('answer 400 to an array that is not JSON, and keep nothing of it', async () => {
    for (const body of ['[{"model":"fraud"', `[${line()},${line()},`, `[${line()}${line()}]`]) {
      assert.equal((await service.post('/v1/predictions', body)).status, 400);
    }
    assert.equal(await counted(), 0);
  });

  it('refuse elements of an array one by one, as lines', async () => {
    const deep = `{"model":${'['.repeat(1500)}${']'.repeat(1500)}}`;
    const long = line({ id: 'x'.repeat(5000) });
    const array = `[${[line(), long, '7', deep, '{}', line()].join(',')}]`;
    const { accepted, refused } = (await service.post('/v1/predictions', array)).json() as {
      accepted: number;
      refused: readonly { line: number; field: string; reason: string }[];
    };
    assert.equal(accepted, 2);
    assert.deepEqual(
      refused.map((refusal) => [refusal.line, refusal.field]),
      [
        [2, ''],
        [3, ''],
        [4, 'model'],
        [5, 'model'],
      ],
    );
    assert.equal(refused[0]?.reason, 'expected a line of at most 4096 bytes');
    assert.equal(await counted(), 2);
  });

  describe('with an Idempotency-Key', () => {
    const key = { 'Idempotency-Key': 'batch-1' };

    it('count a repeated body once, and repeat the first answer', async () => {
      const body = [line(), 'x', line()].join('\n');
      const first = (await service.post('/v1/predictions', body, key)).json() as object;
      const again = (await service.post('/v1/predictions', body, key)).json();
      assert.deepEqual(again, { ...first, duplicate: true });
      assert.equal(await counted(), 2);
      assert.equal(
        await service.metric('ml_verdict_ingest_batches_total', { kind: 'predictions', result: 'duplicate' }),
        1,
      );
    });

    it('count it once also when both come at the same time', async () => {
      const body = `${line()}\n`.repeat(200);
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => service.post('/v1/predictions', body, key)),
      );
      assert.equal(answers.filter(({ text }) => text.includes('"duplicate":false')).length, 1);
      assert.ok(answers.every(({ status }) => status === 200));
      assert.equal(await counted(), 200);
    });

    it('answer 422 to another body', async () => {
      await service.post('/v1/predictions', line(), key);
      const answer = await service.post('/v1/predictions', line({ latencyMs: 13 }), key);
      assert.equal(answer.status, 422);
      assert.deepEqual(
        (answer.json() as { errors: readonly { path: string }[] }).errors.map(({ path }) => path),
        ['Idempotency-Key'],
      );
      assert.equal(await counted(), 1);
    });

    it('answer 400 to a key that is too long', async () => {
      assert.equal(
        (await service.post('/v1/predictions', line(), { 'Idempotency-Key': 'k'.repeat(256) })).status,
        400,
      );
    });
  });

  it('keep nothing of a body whose sender goes away, and stay well', async () => {
    for (const headers of [{}, { 'Content-Length': '100000' }, { 'Content-Encoding': 'gzip' }]) {
      const request = httpRequest(`${service.url}/v1/predictions`, { method: 'POST', headers });
      request.on('error', () => undefined);
      const body = `${line()}\n`.repeat(20);
      request.write('Content-Encoding' in headers ? gzipSync(body).subarray(0, 40) : body);
      await once(request, 'socket');
      const waiting = service.logged.length;
      // The service has begun to read once the socket has taken everything.
      await new Promise((resolve) => request.socket?.write('', resolve));
      request.destroy();
      while (!service.logged.slice(waiting).some((entry) => entry.includes('"status":499'))) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }
    assert.equal(await counted(), 0);
    assert.equal((await service.post('/v1/predictions', line())).status, 200);
    assert.ok(!service.logged.some((entry) => entry.includes('"level":"error"')));
  });

  it('answer 503 while the ledger cannot be written, log the cause and count it', async () => {
    const down = await TestService.start({
      wrapLedger: (ledger) =>
        alteredLedger(ledger, {
          record: () =>
            Promise.reject(
              new VerdictError('unavailable', 'the disk is full', [], {
                cause: Object.assign(new Error('cannot write secret-label'), { code: 'SQLITE_FULL' }),
              }),
            ),
        }),
    });
    try {
      const answer = await down.post('/v1/predictions', line(), { 'X-Request-Id': 'lost-1' });
      assert.equal(answer.status, 503);
      assert.equal((answer.json() as { detail: string }).detail, 'the disk is full');
      const [entry] = down.logged
        .map((text) => JSON.parse(text) as Record<string, unknown>)
        .filter(({ level }) => level === 'warn');
      assert.equal(entry?.['requestId'], 'lost-1');
      assert.equal(entry['route'], '/v1/predictions');
      assert.equal(entry['reason'], 'the disk is full');
      assert.equal(entry['cause'], 'SQLITE_FULL');
      assert.ok(!down.logged.join('').includes('secret-label'));
      await down.post('/v1/predictions', '[');
      const failed = { kind: 'predictions', result: 'failed' };
      assert.equal(await down.metric('ml_verdict_ingest_batches_total', failed), 1);
      assert.equal(await down.metric('ml_verdict_ingest_batches_total', { ...failed, result: 'refused' }), 1);
    } finally {
      await down.close();
    }
  });

  it('never show values or ids in the log, in metrics or in errors', async () => {
    const secrets = ['4711.125', 'secret-label', 'customer-id-99'];
    const answers = [
      await service.post(
        '/v1/predictions',
        [
          line({ id: secrets[2], prediction: 4711.125 }),
          line({ prediction: secrets[1] }),
          line({ id: secrets[2], prediction: [secrets[1]] }),
        ].join('\n'),
        { 'Idempotency-Key': 'secret-key' },
      ),
      await service.post('/v1/predictions', line({ id: 7 }), { 'Idempotency-Key': 'secret-key' }),
      await service.post(
        '/v1/outcomes',
        [
          JSON.stringify({ model: 'fraud', id: secrets[2], at, value: 4711.125 }),
          JSON.stringify({ model: 'fraud', id: secrets[2], at, value: secrets[1] }),
        ].join('\n'),
      ),
      await service.post('/v1/predictions', `[{"prediction": "${secrets[1] ?? ''}"`),
      await service.request(`/v1/${secrets[1] ?? ''}?x=${secrets[2] ?? ''}`),
    ];
    const shown = [
      ...answers.map(({ text }) => text),
      ...service.logged,
      (await service.request('/metrics')).text,
    ].join('\n');
    for (const secret of [...secrets, 'secret-key']) assert.ok(!shown.includes(secret), secret);
  });
});
