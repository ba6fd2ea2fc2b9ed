import { judges, lowerConfidence } from '../judges/index.js';
import { percent } from '../../../support/pages/share-words.js';
import { rates, targetRate } from '../plan.js';
import { drawnOverTime, type VerdictQuality } from '../results.js';
import { scenarioNamed } from '../scenarios.js';
import { falseRollbackPicture } from './false-rollback-picture.js';
import { cellOf } from './figures-of.js';
import { overTimePicture, type DrawnJudge } from './over-time-picture.js';

/** A picture of the document, with the words that stand under it. */
export interface NamedPicture {
  /** Where its file lies, seen from the document. */
  readonly path: string;
  readonly title: string;
  readonly caption: string;
  readonly svg: string;
}

const folder = 'pictures/verdict-quality';

/** All pictures of the document. */
export function picturesOf(results: VerdictQuality): readonly NamedPicture[] {
  return [falseRollbacks(results), ...drawnOverTime.map((name) => overTime(name, results))];
}

function falseRollbacks({ scenarios }: VerdictQuality): NamedPicture {
  const healthy = scenarios.filter((cell) => cell.scenario === 'healthy');
  const title = 'Healthy canaries rolled back at some look of an hour';
  return {
    path: `${folder}/false-rollbacks.svg`,
    title,
    caption: `The share of healthy canaries that a judge would roll back at some look of the hour, at each traffic (rps: requests per second). The thin lines are 95 % intervals: what the share could be with any number of runs.`,
    svg: falseRollbackPicture(
      title,
      `A bar for every judge at each of ${rates.length} rates of requests per second, with 95 % intervals; the figures are in the tables of the page.`,
      healthy,
      judges,
      rates,
    ),
  };
}

function overTime(name: string, results: VerdictQuality): NamedPicture {
  const scenario = scenarioNamed(name);
  const drawn: readonly DrawnJudge[] =
    scenario.lowerConfidence === true && scenario.right === 'hold' ? [...judges, lowerConfidence] : judges;
  const title = `First verdicts over time: ${scenario.title}`;
  const cells = results.scenarios.filter((cell) => cell.scenario === name && cell.rate === targetRate);
  const { firstPromoted, firstRolledBack, runs } = cellOf(results, name, targetRate);
  const right =
    scenario.right === 'hold' ? 'Neither is right: the decision table holds.' : `Right: ${scenario.right}.`;
  const told = `After an hour ml-verdict has promoted ${percent(firstPromoted / runs)} of them and rolled ${percent(firstRolledBack / runs)} back.`;
  const shown = `${capital(scenario.title)}, ${targetRate} requests per second: the share of runs that have had this first verdict by then. ${right}`;
  return {
    path: `${folder}/over-time-${name}.svg`,
    title,
    caption: `${shown} ${told}`,
    svg: overTimePicture(
      title,
      `Two panels, promote and rollback, with minutes to the right, the share of runs upwards and a line for each judge. ${told}`,
      cells,
      drawn,
    ),
  };
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
