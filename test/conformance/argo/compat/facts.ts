/** What Argo makes of answers that ml-verdict never gives, but that something between the two might. */
import type { AnalysisRunState } from '../cluster/analysis-run-state.js';
import { promote, type Answer } from './answers.js';

export interface Fact {
  /** Of the run and of its model. */
  readonly name: string;
  /** For people. */
  readonly answer: string;
  readonly first: Answer;
  /** Asked by a metric that reads the whole answer; such a fact is the last one, as it may end the controller. */
  readonly isWhole?: true;
}

export const facts: readonly Fact[] = [
  { name: 'empty', answer: '200 without a body', first: { status: 200 } },
  { name: 'no-content', answer: '204', first: { status: 204 } },
  {
    name: 'page',
    answer: '200 with an HTML page',
    first: { body: '<!doctype html><title>Sign in</title>', contentType: 'text/html' },
  },
  {
    name: 'two-documents',
    answer: 'two JSON documents',
    first: { body: `${promote.body}\n${promote.body}` },
  },
  {
    name: 'not-a-number',
    answer: '`NaN` in the measurement',
    first: { body: '{"measurement":[NaN,"hold",""]}' },
  },
  { name: 'bare-null', answer: 'a bare `null`', first: { body: 'null' } },
  {
    name: 'redirect',
    answer: '302 to an address that answers `promote`',
    first: { status: 302, location: '/elsewhere' },
  },
  {
    name: 'whole-null',
    answer: 'a bare `null`, to a metric of your own without `jsonPath`',
    first: { body: 'null' },
    isWhole: true,
  },
];

/** The phase of the first measurement and what it means for the rollout. */
export function outcomeOf(run: AnalysisRunState): string | undefined {
  const [first] = run.metrics[0]?.measurements ?? [];
  if (first?.finishedAt === undefined) return undefined;
  const meanings: Readonly<Record<string, string>> = {
    Successful: 'Successful: promotes',
    Failed: 'Failed: rolls back',
    Inconclusive: 'Inconclusive: a hold',
    Error: 'Error: asked again',
  };
  return meanings[first.phase] ?? first.phase;
}
