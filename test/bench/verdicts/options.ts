import { parseArgs } from 'node:util';
import type { JudgeSelection, NamedPath } from './judge-selection.js';
import { rates } from './plan.js';
import { scenarioNamed, scenarios } from './scenarios.js';
import type { Scenario } from './scenario.js';

export const usage = `npm run bench:verdicts                  everything; writes docs/verdict-quality.json, .md and its pictures
npm run bench:verdicts -- OPTIONS

  --full                 ten times the runs
  --scenario NAME,…      these only (prints a table instead of writing files, as all that follow do)
  --rate N,…             these requests per second only (${rates.join(', ')})
  --runs N               so many runs of each scenario
  --judge NAME,…         these judges only
  --policy NAME=FILE     beside them ml-verdict with the policy of a file; may be given several times
  --variant NAME=FOLDER  beside them the judge of another copy of the repository, on the same streams
  --run N                what is said of one run, look by look (with one scenario and one rate)
  --observations         with --run: print its observations as a file instead
  --processes N          how many processes share the work (2)
  --write                with --runs: write the files all the same
  --render               run nothing: make page and pictures anew from docs/verdict-quality.json
`;

/** What the command line asks for. */
export interface Options {
  readonly help: boolean;
  readonly full: boolean;
  readonly scenarios: readonly Scenario[];
  readonly rates: readonly number[];
  readonly runs: number | undefined;
  readonly run: number | undefined;
  readonly observations: boolean;
  readonly processes: number;
  readonly selection: JudgeSelection;
  /** Whether the journeys are run, and whether the files are written. */
  readonly everything: boolean;
  readonly render: boolean;
}

/** @throws Error for an unknown option, scenario or number */
export function readOptions(argv: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      help: { type: 'boolean', default: false },
      full: { type: 'boolean', default: false },
      scenario: { type: 'string', multiple: true, default: [] },
      rate: { type: 'string', multiple: true, default: [] },
      runs: { type: 'string' },
      judge: { type: 'string', multiple: true, default: [] },
      policy: { type: 'string', multiple: true, default: [] },
      variant: { type: 'string', multiple: true, default: [] },
      run: { type: 'string' },
      observations: { type: 'boolean', default: false },
      processes: { type: 'string', default: '2' },
      write: { type: 'boolean', default: false },
      render: { type: 'boolean', default: false },
    },
  });
  const names = listed(values.scenario);
  const chosenRates = listed(values.rate).map((rate) => wholeNumber('--rate', rate));
  const selection: JudgeSelection = {
    names: listed(values.judge),
    policies: values.policy.map((text) => namedPath('--policy', text)),
    variants: values.variant.map((text) => namedPath('--variant', text)),
  };
  const isPart =
    names.length + chosenRates.length + selection.names.length > 0 ||
    selection.policies.length + selection.variants.length > 0 ||
    values.run !== undefined;
  if (isPart && values.write) {
    throw new RangeError(
      '--write: expected everything to be run; the page shows no part of it, and nothing else',
    );
  }
  return {
    help: values.help,
    full: values.full,
    scenarios: names.length === 0 ? scenarios : names.map(scenarioNamed),
    rates: chosenRates.length === 0 ? rates : chosenRates,
    runs: values.runs === undefined ? undefined : wholeNumber('--runs', values.runs),
    run: values.run === undefined ? undefined : wholeNumber('--run', values.run),
    observations: values.observations,
    processes: wholeNumber('--processes', values.processes),
    selection,
    everything: !isPart && (values.runs === undefined || values.write),
    render: values.render,
  };
}

/** Values that may be given several times, each with several parts between commas. */
function listed(values: readonly string[]): readonly string[] {
  return values.flatMap((value) => value.split(',')).filter((part) => part !== '');
}

function wholeNumber(option: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new RangeError(`${option}: expected a whole number, got "${text}"`);
  return Number(text);
}

function namedPath(option: string, text: string): NamedPath {
  const at = text.indexOf('=');
  if (at < 1) throw new RangeError(`${option}: expected NAME=PATH, got "${text}"`);
  return { name: text.slice(0, at), path: text.slice(at + 1) };
}
