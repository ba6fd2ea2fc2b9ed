import { writeGenerated } from '../../support/pages/repository-files.js';
import { shareWork } from '../../support/processes/share-work.js';
import { checkSample } from './check-sample.js';
import { Collection, jobsOf, type Plan } from './collect.js';
import type { Job, JobResult } from './job.js';
import { selectJudges } from './judge-selection.js';
import { filesOf, readResults } from './files.js';
import { readOptions, usage, type Options } from './options.js';
import { observationsOfRun, showRun } from './show-run.js';
import { showTable } from './show-table.js';

/** The simulation benchmark: `npm run bench:verdicts`. */
async function main(options: Options): Promise<void> {
  if (options.help) {
    process.stdout.write(usage);
    return;
  }
  if (options.render) {
    writeGenerated(await filesOf(readResults()));
    return;
  }
  if (options.run !== undefined) {
    await showOne(options, options.run);
    return;
  }
  const { everything } = options;
  const plan: Plan = { ...options, journeys: everything };
  const collection = await runAll(plan, options);
  const scenarios = collection.scenarioResults(plan);
  if (!everything) {
    process.stdout.write(showTable(scenarios));
    return;
  }
  writeGenerated(
    await filesOf({
      schema: 'ml-verdict/verdict-quality/v1',
      scenarios,
      journeys: collection.journeyResults(plan),
      check: checkSample(),
    }),
  );
}

async function showOne(options: Options, run: number): Promise<void> {
  const [scenario] = options.scenarios;
  const [rate] = options.rates;
  if (scenario === undefined || rate === undefined || options.scenarios.length + options.rates.length > 2) {
    throw new RangeError('--run needs one --scenario and one --rate');
  }
  process.stdout.write(
    options.observations
      ? observationsOfRun(scenario, rate, run)
      : showRun(scenario, rate, run, await selectJudges(options.selection)),
  );
}

async function runAll(plan: Plan, { selection, processes }: Options): Promise<Collection> {
  // What is wrong with the selection is told once, not by every worker.
  await selectJudges(selection);
  const collection = new Collection();
  await shareWork<Job, JobResult>(jobsOf(plan), {
    worker: new URL('worker.ts', import.meta.url),
    argv: [JSON.stringify(selection)],
    processes,
    onAnswer: (job, result) => {
      collection.add(job, result);
    },
  });
  return collection;
}

try {
  await main(readOptions(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`bench:verdicts: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
