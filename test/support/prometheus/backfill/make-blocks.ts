import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { WrittenSeries } from '../simulation/sample-book.js';
import { sampleText } from './sample-text.js';

/**
 * Makes the blocks that Prometheus keeps on disk of series, in a data folder that a server can then be started on: what
 * is hours old lies there, not in memory.
 */
export async function makeBlocks(series: readonly WrittenSeries[], dataFolder: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'ml-verdict-blocks-'));
  try {
    const file = join(folder, 'samples.txt');
    await writeFile(file, sampleText(series, 'open-metrics'));
    await promisify(execFile)('promtool', [
      ...['tsdb', 'create-blocks-from', 'openmetrics', '--quiet', file, dataFolder],
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
