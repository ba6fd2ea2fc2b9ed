/** Python environments with real model servers, made once and kept outside the checkout. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runTool } from '../../tools/run-tool.js';
import { cached } from '../../tools/tool-cache.js';

export const modelServers = ['mlserver', 'kserve'] as const;
export type ModelServerName = (typeof modelServers)[number];

/** The folder with the files that Python runs. */
export const folder = fileURLToPath(new URL('./', import.meta.url));

/** The Python of a server's environment; making it the first time takes a minute. */
export function pythonOf(name: ModelServerName): string {
  const requirements = join(folder, `requirements-${name}.txt`);
  const version = runTool('python3', ['--version']).trim();
  const environment = cached(name, [readFileSync(requirements, 'utf8'), version], (path) => {
    runTool('python3', ['-m', 'venv', path]);
    runTool(join(path, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', '--requirement', requirements]);
  });
  // Its other commands name the path at which it was made; modules are found wherever it lies.
  return join(environment, 'bin', 'python');
}
