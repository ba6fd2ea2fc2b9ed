import { formatCount } from '../../../src/domain/units.js';
import { markdownTable } from '../../support/pages/markdown-table.js';
import { pictureBlock } from '../../support/pages/picture-block.js';
import { percent, shareOf } from '../../support/pages/share-words.js';
import { figuresOf, looksText, type CourseFigures, type Share } from './figures.js';
import type { CandidateCourse, CandidateResult, RecordingResults, SplitTable } from './results.js';

/** The page `docs/real-recordings.md`, from the figures alone. */
export function renderReport(results: RecordingResults): string {
  const { splits, tables, candidates } = results;
  return [
    '# Real recordings: the champion against itself',
    introduction(results),
    `## A healthy canary, ${splits} times`,
    healthyText(results),
    pictureBlock(
      'Share of splits rolled back, look by look',
      'pictures/real-recordings/rollbacks.svg',
      'The share of splits in which a judge had rolled the champion back by then. A look is two days of flights.',
    ),
    ...tables.map((table) => splitSection(table, results)),
    '## Guardrail by guardrail',
    guardrailText(results),
    ...tables.map((table) => guardrailSection(table)),
    '## The candidates',
    candidateText(results),
    pictureBlock(
      'When each judge ended each rollout',
      'pictures/real-recordings/candidates.svg',
      '`champion-again` and `retrain` are sound: a cross is wrong there. `re-weighted` is a trade-off. The others are broken or far too slow: a circle is wrong there.',
    ),
    candidateTable(candidates, results),
    '## What this shows, and what not',
    limits(results),
    '## Do it again',
    reproduce(results),
  ].join('\n\n');
}

function introduction({ splits }: RecordingResults): string {
  return `Simulations ask how often a judge is wrong when the world is as the simulation says. This page asks it of recorded
traffic: the [demo's recording](demo.md), four months of flights from New York, answered one at a time by really trained
models. The champion is put against itself in ${splits} random splits: whoever rolls that canary back is wrong. Then the
seven recorded candidates are replayed: how soon is each faulty one found?

Everything on this page is written by \`npm run bench:recordings\`, and a test judges a part of it again.`;
}

function healthyText({ splits, tables, firstAsked }: RecordingResults): string {
  const cuts = tables
    .map(
      (table) =>
        `into ${table.parts} at ${table.title}, about ${requestsPerPart(table)} canary requests each`,
    )
    .join('; ');
  return `Every request of the 60 looks goes to the canary with the probability that is its weight then, independently of all
others, ${splits} times under each of two plans. Both arms are the champion's recorded answers: scores, latencies, and what became
of the flight. A recorded look (two days of flights) is played as one minute; the 30 looks before the canary are the
champion's alone.

A judge is asked after every look, from the ${firstAsked}th canary request on. So that this is not only after two days, the first
${tables[0]?.cutLooks ?? 0} looks are cut into equal parts (${cuts}; fewer by night). No judge is stopped: "at any look" also counts what comes after a
promote.

- **ml-verdict** judges with the demo's policy: the decision table with two business proxies, which pass while undecided.
  It asks for a confidence of 0.8 before the last weight and 0.95 at it. **The default four** is the default policy with
  its business proxy on \`caught\` (flagged and late), which holds while undecided. **Without warm-up and without looks
  before** takes away both safeguards and leaves the evidence alone.
- **Threshold** is the decision table with the same limits, read to the letter on all counts so far
  (\`mode: threshold\`); **one minute, one strike** reads it on the counts of the last minute, as a plain metric query does.
- **One minute, five strikes** reads the last minute once a minute, rolls back at the fifth failed minute in all and goes
  on after five others at one weight, as Flagger counts.
- **Mann-Whitney** compares the two versions' series of one number a minute (error rate, p99, mean score, \`hit-rate\`,
  \`caught\`) from the fifth minute of a weight on, as Kayenta's judge is described: by its score (one failed metric of
  five holds, two roll back), or with every metric critical (one rolls back).
  [More of these judges](verdict-quality.md#what-was-simulated).

A promote counts as the end of a rollout at the last weight only. Shares are of ${splits} splits, with their 95 % interval
(Wilson): what the share could be if there were any number of splits.`;
}

/** Canary requests in one part of a cut look, the mean over all of them. */
function requestsPerPart({ canaryRequests, cutLooks, parts }: SplitTable): string {
  const cut = cutLooks * parts;
  return formatCount(Math.round((canaryRequests[cut - 1] ?? 0) / cut));
}

function splitSection(table: SplitTable, { judges }: RecordingResults): string {
  const rows = judges.map(({ name, title }) => {
    const courses = table.judges[name];
    return courses === undefined ? [title] : [title, ...splitCells(figuresOf(courses, table.steps))];
  });
  const requests = table.canaryRequests.at(-1) ?? 0;
  return [
    `### Canary weight ${table.title}`,
    `${formatCount(requests)} canary requests on average. Looks are given until half and until 95 % of all splits are there.`,
    markdownTable(
      [
        'judge',
        'rolled back at any look',
        'looks until rolled back',
        'first verdict rollback / promote',
        'promoted to the end',
        'looks until promoted',
        'undecided',
      ],
      rows,
    ),
  ].join('\n\n');
}

function splitCells(figures: CourseFigures): readonly string[] {
  const looks = (pair: CourseFigures['promotedAt']) => pair.map(looksText).join(' / ');
  return [
    shareText(figures.rolledBack),
    figures.rolledBack.count === 0 ? '' : looks(figures.rolledBackAt),
    `${plainShare(figures.firstRollback)} / ${plainShare(figures.firstPromote)}`,
    shareText(figures.endedPromoted),
    figures.endedPromoted.count === 0 ? '' : looks(figures.promotedAt),
    plainShare(figures.endedUndecided),
  ];
}

const shareText = ({ count, of }: Share): string => shareOf(count, of);
const plainShare = ({ count, of }: Share): string => percent(count / of);

function guardrailText({ splits }: RecordingResults): string {
  return `What each guardrail of the demo's policy said by itself in the ${splits} splits: by the table on all counts so far, and
with evidence. "Undecided" is a guardrail that never proved anything in 60 looks; a proxy passes then, by policy, unless
it leans to rollback.`;
}

function guardrailSection(table: SplitTable): string {
  const rows = Object.entries(table.guardrails).map(([name, { evidence, literal }]) => {
    const toTheLetter = figuresOf(literal, table.steps);
    const proven = figuresOf(evidence, table.steps);
    const { of } = proven.firstPromote;
    const undecided = of - proven.firstPromote.count - proven.firstRollback.count;
    return [
      `\`${name}\``,
      shareText(toTheLetter.rolledBack),
      plainShare(toTheLetter.firstRollback),
      shareText(proven.rolledBack),
      plainShare(proven.firstPromote),
      percent(undecided / of),
    ];
  });
  return [
    `Canary weight ${table.title}:`,
    markdownTable(
      [
        'guardrail',
        'table: rollback at any look',
        'table: first verdict rollback',
        'evidence: rollback at any look',
        'evidence: promoted first',
        'evidence: undecided',
      ],
      rows,
    ),
  ].join('\n\n');
}

function candidateText({ tables }: RecordingResults): string {
  return `Each candidate answered the canary's requests of one fixed routing when it was recorded, at ${tables[0]?.title ?? ''}. So there
is one replay of each: a single course of events, no rate. All candidates but \`explained-forest\` (12 looks) are recorded
for 60 looks. \`re-weighted\` is judged by the demo's other policy, in which its drift is on hold, except by the default four.
What each candidate is, and what is wrong with it, stands in [the demo's page](demo.md#candidate-by-candidate).`;
}

function candidateTable(candidates: readonly CandidateResult[], { judges }: RecordingResults): string {
  return [
    markdownTable(
      ['candidate', ...judges.map(({ short }) => short)],
      candidates.map((candidate) => [
        `\`${candidate.name}\``,
        ...judges.map(({ name }) => courseText(candidate, candidate.judges[name])),
      ]),
    ),
    'Looks until the end of the rollout, in brackets the canary requests until then, and the guardrails that rolled back.',
  ].join('\n\n');
}

function courseText(candidate: CandidateResult, course: CandidateCourse | undefined): string {
  if (course === undefined || course.end === 0) return 'held';
  const step = Math.abs(course.end) - 1;
  const looks = looksText(candidate.steps[step]);
  const requests = formatCount(candidate.canaryRequests[step] ?? 0);
  return course.end > 0
    ? `promoted at ${looks} (${requests})`
    : `**rolled back** at ${looks} (${requests})${course.by.length === 0 ? '' : `: ${course.by.join(', ')}`}`;
}

function limits({ splits }: RecordingResults): string {
  return `- The ${splits} splits share one recording. Their intervals speak of the chance in the routing, not of other months or
  other models.
- The champion never failed and answers within a millisecond (p99), so error rate and latency could not be wrong here. What was
  at stake are drift and the business proxies.
- Every request was routed by itself. Sticky users or sessions would not average out like this.
- The table is not wrong about the counts: by chance a canary's first hundreds of flights really do have fewer late ones
  that the model can see. It says nothing about whether that could be chance.
- The warm-up of two looks, and what the judge makes of predictions that vary a lot from look to look
  ([why](decisions/0006-dispersion-of-predictions.md)), cost time here: compare with the judge without them. They are there
  for versions that are slow to start and for predictions that come in clumps.
- Mann-Whitney does not roll the champion back either. It pays with the faulty candidates: it asks whether two series
  differ, never whether a limit is kept, and takes the absence of a finding for a pass. When it promotes \`strict-weather\`
  it has five numbers of each version, and errors that come and go, 2 to 262 a minute, are no finding to it.
- \`celsius\` is found at look 8 here and at look 13 in [the demo](demo.md): cut looks tell sooner how much the difference
  between the versions varies by itself.`;
}

function reproduce({ seed, splits }: RecordingResults): string {
  return `\`npm run bench:recordings\` writes this page, its two pictures and
[all figures](real-recordings.json), split by split, in some minutes on two cores;
\`-- --render\` makes page and pictures from the figures alone. The seed is ${seed}; each of the ${splits} splits has its own stretch of random numbers, so that any one can be judged again alone.`;
}
