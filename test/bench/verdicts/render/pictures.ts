import { judges, lowerConfidence } from '../judges/index.js';
import { rates } from '../plan.js';
import type { VerdictQuality } from '../results.js';
import { scenarioNamed } from '../scenarios.js';
import { falseRollbackPicture } from './false-rollback-picture.js';
import { overTimePicture, type DrawnJudge } from './over-time-picture.js';

/** A picture of the document, by the name of its file. */
export interface NamedPicture {
  readonly file: string;
  /** What it shows, for those who cannot see it and for its caption. */
  readonly title: string;
  readonly svg: string;
}

const drawnOverTime: readonly (readonly [scenario: string, says: string])[] = [
  [
    'healthy-without-proxy',
    'ml-verdict promotes nearly all of these healthy canaries and rolls back none; judges of single minutes roll many back.',
  ],
  [
    'errors-2',
    'ml-verdict rolls every canary with 2 % errors back; a judge of time series promotes many of them.',
  ],
  [
    'psi-025',
    'Judges that read a threshold roll back at once, and would a healthy canary as well; ml-verdict takes some minutes.',
  ],
  [
    'grey-zone-without-proxy',
    'Between the thresholds the table says hold. Judges of single minutes decide within minutes, either way; ml-verdict mostly holds.',
  ],
];

/** All pictures of the document. */
export function picturesOf(results: VerdictQuality): readonly NamedPicture[] {
  const healthy = results.scenarios.filter((cell) => cell.scenario === 'healthy');
  const falseRollbacks = 'Healthy canaries rolled back at some look of an hour';
  return [
    {
      file: 'false-rollbacks.svg',
      title: falseRollbacks,
      svg: falseRollbackPicture(
        falseRollbacks,
        'A bar for every judge at 10, 50 and 500 requests per second, with 95 % intervals; the figures are in the tables.',
        healthy,
        judges,
        rates,
      ),
    },
    ...drawnOverTime.map(([name, says]): NamedPicture => {
      const scenario = scenarioNamed(name);
      const drawn: readonly DrawnJudge[] =
        scenario.lowerConfidence === true && scenario.right === 'hold'
          ? [...judges, lowerConfidence]
          : judges;
      const title = `First verdicts over time: ${scenario.title}, 50 requests per second`;
      const cells = results.scenarios.filter((cell) => cell.scenario === name && cell.rate === 50);
      return { file: `over-time-${name}.svg`, title, svg: overTimePicture(title, says, cells, drawn) };
    }),
  ];
}
