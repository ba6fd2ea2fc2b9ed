import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compiledProgram } from '../../support/service/compiled-program.js';
import { mebibytes } from '../../support/service/process-figures.js';
import { ServiceProcess } from '../../support/service/service-process.js';
import { sendCanary } from './canary-traffic.js';
import {
  emptyLines,
  endlessArray,
  numbered,
  openBrackets,
  repeated,
  validLines,
  zeros,
} from './large-bodies.js';
import { askSqlite } from './sqlite-database.js';
import { cutOff, streamBody, type StreamedBody } from './stream-body.js';
import { whileAsking } from './while-asking.js';

const gibibyte = 1024 ** 3;
const million = 1_000_000;

/** What a verdict may take, whatever others send: the deadline of the default config. */
const deadlineMs = 8000;

/** The service may not take more than this at any moment of these tests. */
const mostMemory = 600 * 1024 * 1024;

interface Refusals {
  readonly accepted: number;
  readonly refused: readonly { readonly line: number; readonly field: string; readonly reason: string }[];
}

describe(`bodies that are too much (memory stays below ${mebibytes(mostMemory)} MiB, verdicts are answered meanwhile)`, function () {
  this.timeout(120_000);
  let folder: string;
  let service: ServiceProcess;

  before(async () => {
    compiledProgram();
    folder = mkdtempSync(join(tmpdir(), 'ml-verdict-bodies-'));
    service = await ServiceProcess.start({ ledger: { folder } });
    await sendCanary(service);
  });

  after(async () => {
    await service.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Sends a body while others ask; fails where they are kept waiting or the service grows too large. */
  async function send(path: string, body: StreamedBody): Promise<{ status: number; text: string }> {
    const { result, slowestMs } = await whileAsking(service, () => streamBody(service.url + path, body));
    assert.ok(slowestMs < deadlineMs, `a verdict or probe took ${slowestMs} ms`);
    const { peak } = service.memory;
    assert.ok(peak < mostMemory, `${mebibytes(peak)} MiB`);
    return result;
  }

  const sizes = [
    ['with its length', { length: gibibyte }],
    ['chunked', {}],
  ] as const;

  for (const [how, size] of sizes) {
    it(`1 GiB ${how}: 413, or cut off, on every route that takes a body`, async () => {
      for (const path of ['/v1/predictions', '/v1/outcomes', '/v1/verdict', '/v1/plan']) {
        const { status, text } = await send(path, { pieces: repeated(zeros, gibibyte), ...size });
        assert.ok([413, cutOff].includes(status), `${path} ${status} ${text}`);
      }
    });
  }

  it('1 GiB that is one event of a payload logger: answered at once, not counted', async () => {
    const headers = {
      'Content-Type': 'application/json',
      'ce-specversion': '1.0',
      'ce-id': '1',
      'ce-source': 'test',
      'ce-type': 'org.kubeflow.serving.inference.response',
    };
    const pieces = repeated(zeros, gibibyte);
    const { status, text } = await send('/v1/events/default/shop/v2', { pieces, headers });
    assert.ok([200, 413].includes(status), `${status} ${text}`);
  });

  for (const [what, pieces] of [
    ['valid lines', () => repeated(validLines, gibibyte)],
    ['empty lines', () => repeated(emptyLines, gibibyte)],
    ['one endless array', () => endlessArray(gibibyte)],
    ['brackets that open', () => repeated(openBrackets, gibibyte)],
  ] as const) {
    it(`1 GiB of ${what}: 413 or cut off, and nothing of it is counted`, async () => {
      const { status, text } = await send('/v1/predictions', { pieces: pieces() });
      assert.ok([413, cutOff].includes(status), text);
      const counted = await service.call('/v1/verdict?model=bomb&canary=v1');
      assert.match(counted.text, /"unknown-model"/);
    });
  }

  for (const encoding of ['gzip', 'deflate', 'br'] as const) {
    it(`a ${encoding} bomb of 1 GiB of zeros, and of valid lines: 413, and nothing of it is counted`, async () => {
      for (const piece of [zeros, validLines]) {
        for (const path of ['/v1/predictions', '/v1/verdict']) {
          const { status, text } = await send(path, { pieces: repeated(piece, gibibyte), encoding });
          assert.equal(status, 413, `${path} ${text}`);
        }
      }
      const counted = await service.call('/v1/verdict?model=bomb&canary=v1');
      assert.match(counted.text, /"unknown-model"/);
    });
  }

  it('a million labels: counted, all but the first 200 together', async () => {
    const { status, text } = await send('/v1/predictions', {
      pieces: numbered(
        million,
        (number) => `{"model":"labels","version":"v1","prediction":"label-${number}"}`,
      ),
    });
    assert.equal(status, 200, text);
    assert.deepEqual(JSON.parse(text), { accepted: million, refused: [], duplicate: false });
  });

  it('a million versions of a model: the first 1,000 are counted, the other lines are refused', async () => {
    const { status, text } = await send('/v1/predictions', {
      pieces: numbered(million, (number) => `{"model":"versions","version":"v${number}"}`),
    });
    assert.equal(status, 200, text);
    assertCapped(JSON.parse(text) as Refusals, 1000, 'version');
  });

  it('a million outcomes, names of outcomes, and ids that no prediction has: answered by the caps', async () => {
    const names = await send('/v1/outcomes', {
      pieces: numbered(million, (number) => `{"model":"shop","version":"v1","name":"n${number}","value":1}`),
    });
    assertCapped(JSON.parse(names.text) as Refusals, 50, 'name');
    const ids = await send('/v1/outcomes', {
      pieces: numbered(million / 4, (number) => `{"model":"shop","id":"id-${number}","value":1}`),
    });
    assert.equal(ids.status, 200, ids.text);
  });

  it('a million models: the ledger takes 1,000, the other lines are refused', async () => {
    const [before] = await askSqlite(folder)('select count(*) as models from models');
    const { status, text } = await send('/v1/predictions', {
      pieces: numbered(million, (number) => `{"model":"model-${number}","version":"v1"}`),
    });
    assert.equal(status, 200, text);
    assertCapped(JSON.parse(text) as Refusals, 1000 - Number(before?.['models']), 'model');
  });

  /** Fails unless so many lines were taken and the others refused because of a field, most of them without a word. */
  function assertCapped({ accepted, refused }: Refusals, taken: number, field: string): void {
    assert.equal(accepted, taken);
    assert.equal(refused[0]?.field, field);
    assert.ok(refused.length <= 1001, `${refused.length} refusals are named`);
    assert.match(refused.at(-1)?.reason ?? '', /more after it were refused as well$/);
  }
});
