import { format, resolveConfig } from 'prettier';
import { fileURLToPath } from 'node:url';
import { plotCandidates } from './plot-candidates.js';
import { plotRollbacks } from './plot-rollbacks.js';
import { renderReport } from './report.js';
import type { RecordingResults } from './results.js';

const folder = 'docs/pictures/real-recordings';

/** The figures that everything else is made from, from the root of the repository. */
export const resultsFile = `${folder}/real-recordings.json`;

export interface RenderedFile {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
}

/** The page and its pictures: the same figures give the same bytes. */
export async function renderFiles(results: RecordingResults): Promise<readonly RenderedFile[]> {
  return [
    { path: 'docs/real-recordings.md', text: await pretty(renderReport(results), 'markdown') },
    { path: `${folder}/rollbacks.svg`, text: plotRollbacks(results) },
    { path: `${folder}/candidates.svg`, text: plotCandidates(results) },
  ];
}

export function resultsText(results: RecordingResults): Promise<string> {
  return pretty(JSON.stringify(results), 'json');
}

/** As `npm run format` would leave it. */
async function pretty(text: string, parser: 'markdown' | 'json'): Promise<string> {
  const options = await resolveConfig(fileURLToPath(new URL('../../../package.json', import.meta.url)));
  return format(text, {
    ...options,
    parser,
    ...(parser === 'markdown' ? { printWidth: 120, proseWrap: 'always' } : {}),
  });
}
