import { observationsToFile } from '../../../src/domain/observations-file.js';
import { defaultPolicy } from '../../../src/judge/index.js';
import { LookView, MinuteSeries } from './judges/index.js';
import type { JudgesOf } from './judge-selection.js';
import { stream } from './run-scenario.js';
import type { Scenario } from './scenario.js';

/** What every judge says of one run after each look, and the production judge's sentence. */
export function showRun(scenario: Scenario, rate: number, run: number, judgesOf: JudgesOf): string {
  const sessions = judgesOf(scenario).map((judge) => ({ name: judge.name, session: judge.begin() }));
  const lines = [`look  ${sessions.map(({ name }) => name.padEnd(13)).join(' ')}  ml-verdict's sentence`];
  const series = new MinuteSeries();
  let look = 0;
  for (const observations of stream(scenario, rate, run)) {
    look += 1;
    const view = new LookView(observations, defaultPolicy(), series);
    const verdicts = sessions.map(({ name, session }) => session(view).padEnd(Math.max(13, name.length)));
    lines.push(`${String(look).padStart(4)}  ${verdicts.join(' ')}  ${view.document.measurement[2]}`);
  }
  return `${lines.join('\n')}\n`;
}

/** All looks of one run in the file format, for `ml-verdict judge` and `replay`. */
export function observationsOfRun(scenario: Scenario, rate: number, run: number): string {
  const last = [...stream(scenario, rate, run)].at(-1);
  return last === undefined ? '' : `${JSON.stringify(observationsToFile(last))}\n`;
}
