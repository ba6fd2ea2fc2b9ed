import { Bench } from 'tinybench';
import { plainTable } from '../../../src/cli/output/verdict-table.js';
import type { Observations } from '../../../src/domain/observations.js';
import { defaultPolicy, judge, replay } from '../../../src/judge/index.js';
import { coarseShape, ledgerShape, readAgain, timedObservations } from './timed-observations.js';

/**
 * `npm run bench`: what a verdict costs, in one process and one run, so that the ratios can be trusted on a busy
 * machine too. Prints tables and writes nothing.
 */

const usual = 60;
const lengths = [15, usual, 240, 480, 1440];
const policy = defaultPolicy();

/** Time that this process has been given, in milliseconds: on a busy machine others do not count. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Median processor time of one call in milliseconds. */
async function median(name: string, work: () => unknown, beforeEach?: () => void): Promise<number> {
  const bench = new Bench({
    now: processorTime,
    time: 400,
    iterations: 12,
    warmupTime: 400,
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
  ['ledger: 101 score bins, 23 of latency', byLength.find(({ looks }) => looks === usual)],
  [
    'coarse: 10 score bins, 6 of latency',
    {
      first: await firstTime('coarse', coarse, (fresh) => judge(policy, fresh)),
      again: await median('coarse again', () => judge(policy, coarse)),
    },
  ],
] as const;

process.stdout.write(
  `One judge call on ${usual} looks and 30 before them, four guardrails; medians of processor time\n`,
);
process.stdout.write(
  plainTable(
    ['HISTOGRAMS', 'LOOKS NEVER SEEN BEFORE, ms', 'ASKED AGAIN, ms'],
    shapes.map(([shape, time]) => [shape, (time?.first ?? NaN).toFixed(2), (time?.again ?? NaN).toFixed(2)]),
  ),
);

process.stdout.write(`\nThe same on the ledger's histograms, by looks\n`);
process.stdout.write(
  plainTable(
    ['LOOKS', 'FIRST TIME, ms', 'µs A LOOK', `OF THAT AT ${usual}`, 'ASKED AGAIN, ms'],
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
  `\nA replay of ${usual} looks against ${usual} calls, each on looks never seen before\n`,
);
process.stdout.write(
  plainTable(
    [`${usual} CALLS, ms`, 'REPLAY, ms', 'RATIO'],
    [[single.toFixed(1), replayed.toFixed(1), (replayed / single).toFixed(2)]],
  ),
);

const whole = await firstTime('combined', observations, (fresh) => judge(policy, fresh));
const alone: string[][] = [['all four', whole.toFixed(2), '1.00']];
for (const { name } of policy.guardrails) {
  const time = await firstTime(name, observations, (fresh) => judge(policy, fresh, { guardrail: name }));
  alone.push([name, time.toFixed(2), (time / whole).toFixed(2)]);
}
process.stdout.write(`\nEach guardrail asked alone, ${usual} looks, first time\n`);
process.stdout.write(plainTable(['GUARDRAIL', 'ms', 'OF ALL FOUR'], alone));
