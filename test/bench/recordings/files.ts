import { formatted, readRepositoryFile, type GeneratedFiles } from '../../support/pages/repository-files.js';
import { plotCandidates } from './plot-candidates.js';
import { plotRollbacks } from './plot-rollbacks.js';
import { renderReport } from './report.js';
import type { RecordingResults } from './results.js';

const resultsPath = 'docs/real-recordings.json';
const pagePath = 'docs/real-recordings.md';
const pictureFolder = 'docs/pictures/real-recordings';

/** All files that the results make: the results themselves, the page and its pictures. */
export async function filesOf(results: RecordingResults): Promise<GeneratedFiles> {
  return new Map([
    [resultsPath, await formatted(resultsPath, JSON.stringify(results))],
    [pagePath, await formatted(pagePath, renderReport(results))],
    [`${pictureFolder}/rollbacks.svg`, plotRollbacks(results)],
    [`${pictureFolder}/candidates.svg`, plotCandidates(results)],
  ]);
}

/** The results as they were written last. */
export function readResults(): RecordingResults {
  return JSON.parse(readRepositoryFile(resultsPath)) as RecordingResults;
}
