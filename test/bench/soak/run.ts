import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { plainTable } from '../../../src/cli/output/verdict-table.js';
import { mebibytes, processorSeconds } from '../../support/service/process-figures.js';
import { ServiceProcess } from '../../support/service/service-process.js';
import { historyBodies } from '../load/model-lines.js';
import { median, quantile } from '../load/quantiles.js';
import { machine, targetTable } from '../load/target-table.js';
import type { LoadOrder } from './load-order.js';
import type { StreamResult } from './schedule.js';

/**
 * `npm run bench:soak`: the mix of requests that the service has to stand, for 2 minutes or as many as `--minutes` says.
 * Prints latencies, memory and delays of the event loop, and which targets are met; writes nothing.
 */

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '2' } } });
const seconds = Number(values.minutes) * 60;
if (!(seconds > 0)) throw new Error(`--minutes: expected a number above 0, got "${values.minutes}"`);

/** Of all seconds; code is still being compiled and caches being filled then. */
const warmUpShare = 0.25;
const [models, historyMinutes, historyPerMinute] = [5, 60, 200];

process.stdout.write(`What the service stands for ${seconds} s.

What: the compiled program with its embedded ledger and default config; 200 verdicts a second, half of them on models of
which nothing new arrives (cached until the next minute begins), half on models whose predictions arrive all the time;
10,000 predictions a second in batches of 1,000, one batch in ten with ids; outcomes, history, observations and metrics.
How: the first ${100 * warmUpShare} % is warm-up, told apart. The load comes from a process of its own that sends every request at its own moment, whatever became of those
before; latencies count from that moment, so that a stall is seen by all requests that fell into it.
Where: ${machine()}.

`);

const folder = mkdtempSync(join(tmpdir(), 'ml-verdict-soak-'));
const service = await ServiceProcess.start({ ledger: { folder } });
try {
  const names = (kind: string) => Array.from({ length: models }, (_, index) => `${kind}-${index}`);
  const order: LoadOrder = {
    url: service.url,
    seconds,
    warmUpSeconds: warmUpShare * seconds,
    quietModels: names('quiet'),
    liveModels: names('live'),
  };
  for (const model of [...order.quietModels, ...order.liveModels]) {
    const bodies = historyBodies(model, historyMinutes, historyPerMinute, Date.now());
    const answer = await service.call('/v1/predictions', { body: bodies.join('\n') });
    if (answer.status !== 200) throw new Error(`the history was answered with ${answer.status}`);
  }
  const memory: number[] = [];
  const sampling = setInterval(() => memory.push(service.memory.now), 1000);
  const processorBefore = processorSeconds(service.pid);
  const load = fork(fileURLToPath(new URL('load-process.ts', import.meta.url)), [], {
    execArgv: ['--import', 'tsx'],
    serialization: 'advanced',
  });
  load.send(order);
  const [results] = (await once(load, 'message')) as [readonly StreamResult[]];
  clearInterval(sampling);
  const share = (processorSeconds(service.pid) - processorBefore) / seconds;
  process.stdout.write(`The service took ${(100 * share).toFixed(0)} % of one processor.\n\n`);
  report(results, memory, (await service.call('/metrics')).text);
} finally {
  service.signal('SIGTERM');
  await service.ended();
  rmSync(folder, { recursive: true, force: true });
}

function report(results: readonly StreamResult[], memory: readonly number[], metrics: string): void {
  const rows = results.map(({ kind, latenciesMs, slowestWarmUpMs, failures }) => {
    const sorted = Float64Array.from(latenciesMs).sort();
    const told = [quantile(sorted, 0.5), quantile(sorted, 0.99), sorted.at(-1) ?? NaN, slowestWarmUpMs];
    return [kind, String(sorted.length), ...told.map((ms) => ms.toFixed(1)), String(failures)];
  });
  process.stdout.write(
    plainTable(['REQUESTS', 'NUMBER', 'p50, ms', 'p99, ms', 'MAX, ms', 'MAX IN WARM-UP', 'FAILED'], rows),
  );

  const verdicts = ['cached', 'shared', 'evaluated'].map(
    (from) => `${from} ${metric(metrics, `ml_verdict_verdict_answers_total{from="${from}"}`)}`,
  );
  process.stdout.write(`\nVerdicts: ${verdicts.join(', ')}.\n`);
  const lag = (part: string) => (1000 * metric(metrics, `nodejs_eventloop_lag_${part}_seconds`)).toFixed(1);
  process.stdout.write(
    `Delay of the event loop since the last scrape: p50 ${lag('p50')} ms, p99 ${lag('p99')} ms, max ${lag('max')} ms.\n`,
  );
  const settled = memory.slice(Math.floor(memory.length * warmUpShare));
  const half = Math.floor(settled.length / 2);
  const [before, after] = [median(settled.slice(0, half)), median(settled.slice(half))];
  const minutesBetween = (settled.length - half) / 60;
  process.stdout.write(
    `Memory after the warm-up: ${mebibytes(before)} MiB in its first half, ${mebibytes(after)} MiB in its second (${((after - before) / 1024 / 1024 / minutesBetween).toFixed(1)} MiB a minute); most ${mebibytes(Math.max(...memory))} MiB.\n\n`,
  );
  const p99 = (kind: string) => {
    const latencies = results.find((result) => result.kind === kind)?.latenciesMs ?? [];
    return quantile(Float64Array.from(latencies).sort(), 0.99);
  };
  process.stdout.write(
    targetTable([
      {
        what: 'p99 of cached verdicts',
        unit: 'ms',
        figure: p99('verdict, no new data'),
        wanted: 10,
        is: 'at most',
      },
      {
        what: 'p99 of verdicts while data arrives',
        unit: 'ms',
        figure: p99('verdict, data arriving'),
        wanted: 10,
        is: 'at most',
      },
      {
        what: 'growth of memory after the warm-up',
        unit: '%',
        figure: (100 * (after - before)) / before,
        wanted: 5,
        is: 'at most',
      },
      {
        what: 'resident memory at the end',
        unit: 'MiB',
        figure: after / 1024 / 1024,
        wanted: 200,
        is: 'at most',
      },
      {
        what: 'requests that failed',
        unit: '',
        figure: results.reduce((sum, { failures }) => sum + failures, 0),
        wanted: 0,
        is: 'at most',
      },
    ]),
  );
}

/** The value of a metric line; 0 where it is not there. */
function metric(text: string, name: string): number {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${name} `));
  return Number(line?.split(' ').at(-1) ?? 0);
}
