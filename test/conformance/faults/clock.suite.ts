import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compiledProgram } from '../../support/service/compiled-program.js';
import { ServiceProcess } from '../../support/service/service-process.js';
import { askVerdict, sendCanary, type CanaryTraffic } from './canary-traffic.js';
import { askSqlite } from './sqlite-database.js';

const hourMs = 3_600_000;

const histories: readonly (readonly [what: string, before: string, traffic: CanaryTraffic])[] = [
  ['that is to be promoted', 'promote', { minutes: 30, perMinute: 1000 }],
  ['that has been served for hours and is to be promoted', 'promote', { minutes: 150, perMinute: 300 }],
  ['that is to be rolled back', 'rollback', { minutes: 30, perMinute: 1000, failingMinutes: 30 }],
  ['that turned bad half an hour ago', 'rollback', { minutes: 120, perMinute: 500, failingMinutes: 30 }],
  ['of which too little is known', 'hold', { minutes: 4, perMinute: 50 }],
];

describe('the clock of the machine, stepped by an hour while the service runs', function () {
  this.timeout(60_000);
  let folder: string;
  let service: ServiceProcess;

  before(async () => {
    compiledProgram();
    folder = mkdtempSync(join(tmpdir(), 'ml-verdict-clock-'));
    service = await ServiceProcess.start({
      ledger: { folder },
      preloaded: ['tsx', './test/support/service/movable-clock.ts'],
      // Enough for a verdict on errors alone, so that few requests make one.
      config: {
        policies: {
          default: {
            guardrails: [{ name: 'errors', kind: 'error-rate', promoteBelow: '2%', rollbackAbove: '4%' }],
          },
        },
      },
    });
  });

  after(async () => {
    await service.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  const sums = () =>
    askSqlite(folder)('select sum(requests) as requests, sum(errors) as errors from minute_counts');

  for (const [what, before, traffic] of histories) {
    for (const [direction, stepMs] of [
      ['forwards', hourMs],
      ['backwards', -hourMs],
    ] as const) {
      it(`${direction}: a canary ${what} is neither promoted nor rolled back by the step, and judged as before after it`, async () => {
        const model = `history-${histories.findIndex(([other]) => other === what)}-${direction}`;
        await sendCanary(service, { model, ...traffic });
        const counted = await sums();
        const first = await askVerdict(service, '', model);
        assert.equal(first.verdict, before, first.measurement[2]);
        await service.tell({ moveClockMs: stepMs });
        const stepped = await askVerdict(service, '', model);
        // What was decided may stand; nothing else may be decided by the step.
        assert.ok(stepped.verdict === 'hold' || stepped.verdict === before, stepped.measurement[2]);
        if (stepped.verdict === 'hold') assert.ok((stepped.reasons[0]?.text.length ?? 0) > 0);
        assert.deepEqual(await sums(), counted);
        await service.tell({ moveClockMs: -stepMs });
        const last = await askVerdict(service, '', model);
        assert.equal(last.verdict, before, last.measurement[2]);
        assert.deepEqual(await sums(), counted);
      });
    }
  }

  it('takes what arrives meanwhile: at the time that it names, and refuses by line what lies ahead of the clock', async () => {
    const line = (atMs?: number) =>
      JSON.stringify({
        model: 'shop',
        version: 'v1',
        ...(atMs === undefined ? {} : { at: new Date(atMs).toISOString() }),
      });
    const send = async (...lines: readonly string[]) =>
      JSON.parse((await service.call('/v1/predictions', { body: lines.join('\n') })).text) as {
        readonly accepted: number;
        readonly refused: readonly { readonly field: string; readonly reason: string }[];
      };
    const [counted] = await sums();
    const trueNowMs = Date.now();
    await service.tell({ moveClockMs: hourMs });
    assert.deepEqual(await send(line(), line(trueNowMs)), { accepted: 2, refused: [], duplicate: false });
    await service.tell({ moveClockMs: -2 * hourMs });
    const { accepted, refused } = await send(line(), line(trueNowMs));
    assert.equal(accepted, 1);
    assert.equal(refused[0]?.field, 'at');
    assert.match(refused[0].reason, /^expected a time at most 300 s ahead, /);
    assert.equal((await sums())[0]?.['requests'], Number(counted?.['requests']) + 3);
  });
});
