import { Presets, SingleBar } from 'cli-progress';
import { checkSample } from './check-sample.js';
import { Collection, jobsOf, type Plan } from './collect.js';
import { selectJudges } from './judge-selection.js';
import { readResults } from './files.js';
import { readOptions, usage, type Options } from './options.js';
import { runJobs } from './run-jobs.js';
import { observationsOfRun, showRun } from './show-run.js';
import { showTable } from './show-table.js';
import { writeResults } from './write-results.js';

/** The simulation benchmark: `npm run bench:verdicts`. */
async function main(options: Options): Promise<void> {
  if (options.help) {
    process.stdout.write(usage);
    return;
  }
  if (options.render) {
    tellWritten(await writeResults(readResults()));
    return;
  }
  if (options.run !== undefined) {
    await showOne(options, options.run);
    return;
  }
  const { everything } = options;
  const plan: Plan = { ...options, journeys: everything };
  const collection = new Collection();
  await runWithProgress(plan, options, collection);
  const scenarios = collection.scenarioResults(plan);
  if (!everything) {
    process.stdout.write(showTable(scenarios));
    return;
  }
  tellWritten(
    await writeResults({
      schema: 'ml-verdict/verdict-quality/v1',
      scenarios,
      journeys: collection.journeyResults(plan),
      check: checkSample(),
    }),
  );
}

function tellWritten(paths: readonly string[]): void {
  for (const path of paths) process.stdout.write(`wrote ${path}\n`);
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

/** Shows how far it is on a terminal, and nothing in a pipe. */
async function runWithProgress(plan: Plan, options: Options, collection: Collection): Promise<void> {
  const jobs = jobsOf(plan);
  const bar = process.stderr.isTTY
    ? new SingleBar(
        {
          clearOnComplete: true,
          stream: process.stderr,
          format: '{bar} {percentage}% | {eta_formatted} left',
        },
        Presets.shades_classic,
      )
    : undefined;
  bar?.start(jobs.length, 0);
  try {
    await runJobs(jobs, {
      selection: options.selection,
      processes: options.processes,
      onResult: (job, result) => {
        collection.add(job, result);
        bar?.increment();
      },
    });
  } finally {
    bar?.stop();
  }
}

try {
  await main(readOptions(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`bench:verdicts: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
