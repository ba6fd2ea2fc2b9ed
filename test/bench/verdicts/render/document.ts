import { formatCount } from '../../../../src/domain/units.js';
import { pictureBlock } from '../../../support/pages/picture-block.js';
import { journeyPlans } from '../journey.js';
import { judges } from '../judges/index.js';
import type { VerdictQuality } from '../results.js';
import { journeySections } from './journey-table.js';
import { picturesOf, type NamedPicture } from './pictures.js';
import { scenarioSections } from './scenario-tables.js';
import { summaryTable } from './summary.js';
import { targetsTable } from './targets.js';
import { weakSpots } from './weak-spots.js';

/** The whole document as Markdown, before prettier aligns its tables. */
export function documentOf(results: VerdictQuality): string {
  const pictures = picturesOf(results);
  return `${[
    introduction,
    '## In short',
    inShort,
    summaryTable(results, 50),
    ...pictures.slice(0, 1).map(shown),
    'The same at 10 requests per second:',
    summaryTable(results, 10),
    'And at 500:',
    summaryTable(results, 500),
    '## What was asked, what was reached',
    'These limits were set before anything was measured, for 50 requests per second. A share is of all runs, with its 95 % interval in brackets: what it could be with any number of runs. It is met where the whole interval keeps to the limit, and met *in these runs* where they are too few to say more.',
    targetsTable(results),
    '## Verdicts over time',
    ...pictures.slice(1).map(shown),
    '## Where it is weak',
    weakSpots(results),
    simulated(results),
    '## Scenario by scenario',
    'Shares of runs with their 95 % interval (Wilson) in brackets. Minutes are those by which half and 95 % of *all* runs have the right verdict, counted from the look in which the fault begins; `>60` where fewer get there. *First verdict* is what a caller gets who stops at the first promote or rollback; a rollback before a fault begins is a wrong one. *rps*: requests per second of both versions together.',
    scenarioSections(results),
    '## Whole rollouts',
    journeys(),
    journeySections(results),
  ].join('\n\n')}\n`;
}

const introduction = `# How good are the verdicts?

A healthy canary must not be rolled back by noise, a bad one must not be promoted by luck, and both must be decided as
soon as the traffic allows. This page shows how often that succeeds: for ml-verdict with its default policy, and for
other ways to judge on the very same streams.

Everything here is simulated by \`npm run bench:verdicts\`, with fixed seeds: whoever runs it gets these figures again. They
are also in [verdict-quality.json](verdict-quality.json), and a test runs a part of them anew and fails when this page no
longer agrees.`;

const inShort = `Sixty one-minute looks, 50 requests per second, 5 % of them to the canary. "Healthy" canaries are like the stable
version, so every rollback of one is wrong. The five faults are 2 % errors, 50 % errors, a p99 of 700 ms, drift with a PSI
of 0.25, and 10 % fewer accepted answers (the business proxy), one at a time: every promote of one is wrong. Minutes are
those by which half / 95 % of the canaries have the verdict, \`>60\` where fewer get there in the hour.
[What the judges are](#what-was-simulated), and [how ml-verdict decides](how-verdicts-are-made.md).`;

const simulated = (results: VerdictQuality): string => `## What was simulated

**Traffic.** One look a minute, for 60 minutes. Requests arrive at random (Poisson) at 10, 50 or 500 per second, and 5 % of
them go to the canary, each for itself, unless a scenario says otherwise. Before the canary there are 30 looks of the stable
version alone.

**A healthy version** fails 0.3 % of its requests. Its request times have a p99 of 150 ms (lognormal, sigma 1), counted
in buckets of 50, 100, 200, 500 and 1000 ms. Its scores fall evenly into ten bins. 60 % of its answers are accepted, and that
is known at once. Answers fail, are slow, fall into bins and are accepted independently of each other.

**Drift** moves the scores: behind each lies a hidden normal value, and a PSI of 0.25 is a shift by about half its standard
deviation.

**Runs.** ${runsTold(results)} The intervals say what that number of runs can tell and what it cannot.

**Draws.** Every run has its own seed, made of scenario, rate and run number, so that one run can be looked at alone:

\`\`\`sh
npm run bench:verdicts -- --scenario psi-025 --rate 50 --run 17
npm run bench:verdicts -- --scenario psi-025 --rate 50 --run 17 --observations
npm run bench:verdicts -- --scenario healthy --rate 10 --runs 2000 --judge evidence
\`\`\`

A policy of one's own, or another copy of the judge, is compared on the same streams with \`--policy NAME=FILE\` and
\`--variant NAME=FOLDER\`; \`--full\` runs everything ten times as often.

**The judges.**

- *${titleOf('evidence')}*: the production judge with its default policy, asked after every look as Argo Rollouts would.
- *${titleOf('threshold')}*: the same decision table in \`mode: threshold\`, read on all counts since the canary started.
- *${titleOf('one-minute')}*: the table read on the last minute alone; the first breach rolls back, the first minute with
  everything within its promote limits promotes. That is what an analysis template with plain queries does.
- *${titleOf('five-strikes')}*: Flagger's rule on the same minutes. A minute in which any limit is breached is a failed
  check; failed checks are counted and never forgotten, the fifth rolls back. Five other minutes promote.
- *${titleOf('mann-whitney')}* and *${titleOf('mann-whitney-critical')}*: Kayenta's judge, re-stated from its published
  description. Each guardrail is one number a minute (error share, interpolated p99, mean score, mean outcome), the canary's
  since its start against the stable version's of the same minutes, judged afresh from minute 5 on. A two-sided
  Mann-Whitney test in its normal approximation, with corrections for ties and continuity, gives an interval of 98 % for the
  shift between the two series; a metric fails where that interval lies beyond 0.25 of the estimated shift, in the direction
  that counts (up for errors and p99, down for outcomes, either for scores), and the ratio of the means agrees. Minutes
  without a number are left out; a metric without any counts as passed. The score is the share of metrics that pass: 95
  and more promotes, 75 and more holds, less rolls back. With four metrics one failure is 75, so by its score alone it
  rolls back only where two fail; with every metric marked critical one is enough. Not taken: the comparison with a
  baseline of the canary's own size, which its makers recommend, since here nothing runs beside canary and stable; outlier
  removal, which is off by default; and the noise that it adds to constant series.`;

/** How many runs the figures rest on. */
function runsTold({ scenarios, journeys }: VerdictQuality): string {
  const span = (cells: readonly { readonly runs: number }[]) => {
    const runs = cells.map((cell) => cell.runs);
    const [fewest, most] = [Math.min(...runs), Math.max(...runs)];
    return fewest === most ? String(most) : `${fewest} to ${most}`;
  };
  const total = scenarios
    .filter(({ judge }) => judge === 'evidence')
    .reduce((sum, { runs }) => sum + runs, 0);
  return `Each figure is one of ${span(scenarios)} runs, those of whole rollouts of ${span(journeys)}: ${formatCount(total)} simulated canaries in all, and every judge sees the same ones.`;
}

function titleOf(name: string): string {
  return judges.find((judge) => judge.name === name)?.title ?? name;
}

function journeys(): string {
  const plans = journeyPlans.map(({ name, title }) => `- *${name}*: ${title}.`);
  return [
    'A canary goes from 5 over 25 to 50 % as soon as the combined verdict promotes, and ends with the promote at 50 %, with a rollback, or undecided after three hours. *Steps* say what a promote needs, and whether an undecided business proxy holds or passes:',
    plans.join('\n'),
    'The other judges are taken through the first of these; what they count begins anew with each step, but for strikes.',
  ].join('\n\n');
}

function shown({ path, title, caption }: NamedPicture): string {
  return pictureBlock(title, path, caption);
}
