import { formatInstant, formatPercent } from '../../domain/units.js';
import type { Recording } from './recording.js';
import { demoModel, stableVersion } from './traffic.js';

/** What the demo is about to show. */
export function opening(recording: Recording, url: string): string {
  const candidates = recording.candidates.map((one) => `  ${one.name.padEnd(18)}${one.wrong}\n`).join('');
  return `${wrap(recording.description)}

The champion of June serves the traffic; ${recording.candidates.length} candidates were recorded as canaries of it:

${candidates}
${wrap(`All of it is sent to ml-verdict at ${url} as an application would send it, and every candidate is judged after every look as Argo Rollouts would ask. A look is two days of traffic, compressed to a minute.`)}

`;
}

/** What to try next. */
export function closing(recording: Recording, url: string, endMs: number, serving: boolean): string {
  const weights = [...new Set(Array.from({ length: recording.looks }, (_, i) => recording.weightOf(i + 1)))];
  const steps = weights.map((weight) => formatPercent(weight)).join(', ');
  // A canary that was rolled back has ended its life a minute later: the questions are put to its last look.
  const asOf = formatInstant(endMs + 10_000);
  const subject = (canary: string) =>
    `model=${demoModel}&canary=${canary}&stable=${stableVersion}&asOf=${asOf}`;
  const more = serving
    ? `The service is still running at ${url}; Ctrl-C stops it. Ask it yourself:

  curl -s '${url}/v1/verdict?${subject('celsius')}'
  curl -s '${url}/v1/verdict?${subject('utc-hour')}&guardrail=prediction-drift'
  curl -s '${url}/v1/observations?${subject('retrain')}' > retrain.json
  npx ml-verdict replay retrain.json
`
    : `What to try next:

  npm run demo -- --serve          leave the service running and ask it yourself
  npx ml-verdict judge --help      judge your own recorded canaries from files
  docs/guides/argo-rollouts.md     put it between two steps of a Rollout
`;
  return `
${wrap(`The canary had ${steps} of the traffic in turn; a rollback ends it at any weight, a promote counts at the last. "Plain thresholds" is the same decision table read on the counts so far, without asking for evidence.`)}

${more}
${wrap(`Data: ${recording.credit}`)}
`;
}

/** Breaks a paragraph into lines of at most 100 characters. */
function wrap(text: string): string {
  return text.replace(/(.{1,100})(?:\s+|$)/g, '$1\n').trimEnd();
}
