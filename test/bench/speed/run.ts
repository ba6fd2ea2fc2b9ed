import { availableParallelism, cpus } from 'node:os';
import { Bench } from 'tinybench';
import { plainTable } from '../../../src/cli/output/verdict-table.js';
import type { Observations } from '../../../src/domain/observations.js';
import { defaultPolicy, judge, replay } from '../../../src/judge/index.js';
import {
  beforeLooks,
  canaryWeight,
  coarseShape,
  ledgerShape,
  readAgain,
  requestsPerSecond,
  timedObservations,
  type HistogramShape,
} from './timed-observations.js';

/**
 * `npm run bench`: what a verdict costs, in one process and one run, so that the ratios can be trusted on a busy
 * machine too. Prints tables and writes nothing.
 */

const usual = 60;
const lengths = [15, usual, 240, 480, 1440];
const policy = defaultPolicy();

/** For how long, and how many times at least, a call is repeated; as long before that without being timed. */
const [timedMs, timedCalls] = [1000, 12];

/** Time that this process has been given, in milliseconds: on a busy machine others do not count. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Median processor time of one call in milliseconds. */
async function median(name: string, work: () => unknown, beforeEach?: () => void): Promise<number> {
  const bench = new Bench({
    now: processorTime,
    time: timedMs,
    iterations: timedCalls,
    warmupTime: timedMs,
    warmupIterations: 6,
    throws: true,
  });
  bench.add(name, () => void work(), beforeEach === undefined ? {} : { beforeEach });
  const [task] = await bench.run();
  const result = task?.result;
  if (result?.state !== 'completed') throw new Error(`${name} was not timed`);
  return result.latency.p50;
}

/** One call on observations that were never seen before, as after reading them from a source. */
function firstTime(name: string, observations: Observations, ask: (fresh: Observations) => unknown) {
  let fresh = observations;
  return median(
    name,
    () => ask(fresh),
    () => {
      fresh = readAgain(observations);
    },
  );
}

const [processor] = cpus();
process.stdout.write(`What a verdict costs.

What: one call of the judge with the default policy (${policy.guardrails.length} guardrails) on the counts of a healthy canary,
${100 * canaryWeight} % of ${requestsPerSecond} requests per second, in one-minute looks, with ${beforeLooks} looks of the stable version before them.
How: the median of ${timedCalls} calls or more in ${timedMs} ms or more, after a warm-up, in processor time of this process: work of
other programs does not count. "First": the judge has never seen these counts, as after reading them from a source.
"Again": the same counts once more; the judge remembers what it has computed of each look.
Where: Node.js ${process.version}, ${processor?.model ?? 'unknown processor'}, ${availableParallelism()} of them.

`);

const observations = timedObservations(usual, ledgerShape);

const byLength: { readonly looks: number; readonly first: number; readonly again: number }[] = [];
for (const looks of lengths) {
  const timed = timedObservations(looks, ledgerShape);
  byLength.push({
    looks,
    first: await firstTime(`${looks} looks`, timed, (fresh) => judge(policy, fresh)),
    again: await median(`${looks} looks again`, () => judge(policy, timed)),
  });
}
const perLookAtUsual = perLook(byLength.find(({ looks }) => looks === usual));

function perLook(row: { readonly looks: number; readonly first: number } | undefined): number {
  return row === undefined ? NaN : row.first / row.looks;
}

const coarse = timedObservations(usual, coarseShape);
const shapes = [
  [`as the ledger counts: ${binsOf(ledgerShape)}`, byLength.find(({ looks }) => looks === usual)],
  [
    `coarse: ${binsOf(coarseShape)}`,
    {
      first: await firstTime('coarse', coarse, (fresh) => judge(policy, fresh)),
      again: await median('coarse again', () => judge(policy, coarse)),
    },
  ],
] as const;

function binsOf({ edges, boundsMs }: HistogramShape): string {
  return `${edges.length + 1} bins of scores, ${boundsMs.length + 1} of latency`;
}

process.stdout.write(`1. One call on ${usual} looks, by how fine the histograms are\n`);
process.stdout.write(
  plainTable(
    ['HISTOGRAMS', 'FIRST, ms', 'AGAIN, ms'],
    shapes.map(([shape, time]) => [shape, (time?.first ?? NaN).toFixed(2), (time?.again ?? NaN).toFixed(2)]),
  ),
);

process.stdout.write(
  `\n2. The same by number of looks, on the ledger's histograms; a cost that grows with the looks alone has a ratio near 1\n`,
);
process.stdout.write(
  plainTable(
    ['LOOKS', 'FIRST, ms', 'µs A LOOK', `RATIO TO ${usual} LOOKS`, 'AGAIN, ms'],
    byLength.map((row) => [
      String(row.looks),
      row.first.toFixed(2),
      (1000 * perLook(row)).toFixed(1),
      (perLook(row) / perLookAtUsual).toFixed(2),
      row.again.toFixed(2),
    ]),
  ),
);

const oneByOne = await firstTime('one call a look', observations, (fresh) => {
  for (const look of fresh.looks) judge(policy, { ...readAgain(fresh), asOfMs: look.endMs });
});
const copies = await firstTime('copies', observations, (fresh) => {
  fresh.looks.forEach(() => readAgain(fresh));
});
const replayed = await firstTime('replay', observations, (fresh) => [...replay(policy, fresh)]);
const single = oneByOne - copies;
process.stdout.write(
  `\n3. A replay of ${usual} looks, a verdict after each, against ${usual} separate first calls; at most 1 is wanted\n`,
);
process.stdout.write(
  plainTable(
    ['SEPARATE CALLS, ms', 'REPLAY, ms', 'RATIO'],
    [[single.toFixed(1), replayed.toFixed(1), (replayed / single).toFixed(2)]],
  ),
);

const whole = await firstTime('combined', observations, (fresh) => judge(policy, fresh));
const alone: string[][] = [['all together', whole.toFixed(2), '1.00']];
for (const { name } of policy.guardrails) {
  const time = await firstTime(name, observations, (fresh) => judge(policy, fresh, { guardrail: name }));
  alone.push([name, time.toFixed(2), (time / whole).toFixed(2)]);
}
process.stdout.write(`\n4. Each guardrail asked alone, ${usual} looks, first\n`);
process.stdout.write(plainTable(['GUARDRAIL', 'ms', 'OF ALL TOGETHER'], alone));
