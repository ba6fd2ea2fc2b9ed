/** Builds the real commands from the modules beside this folder, which name their versions. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runTool } from '../../tools/run-tool.js';
import { cached } from '../../tools/tool-cache.js';

const modules = fileURLToPath(new URL('../modules/', import.meta.url));

export interface CommandSource {
  /** The folder whose go.mod names the versions: one under `modules/` by its name, another one by its whole path. */
  readonly module: string;
  /** The package of the command, as Go imports it. */
  readonly package: string;
  readonly name: string;
}

/**
 * The path of a command. Building it takes minutes the first time and as good as none afterwards; one is built at a
 * time, as linking takes some 2 GB of memory.
 * @throws Error with all that Go says, where it does not build
 */
export function buildCommand(source: CommandSource): string {
  const folder = resolve(modules, source.module);
  const versions = ['go.mod', 'go.sum'].map((file) => readFileSync(join(folder, file), 'utf8'));
  return cached(source.name, [...versions, source.package], (path) => {
    runTool('go', ['build', '-mod=readonly', '-ldflags=-s -w', '-o', path, source.package], {
      cwd: folder,
      env: { CGO_ENABLED: '0' },
    });
  });
}

/** The folder with the files of a dependency, in the version that a module of ours names. */
export function dependencyFolder(module: string, dependency: string): string {
  const answer: unknown = JSON.parse(
    runTool('go', ['mod', 'download', '-json', dependency], { cwd: resolve(modules, module) }),
  );
  if (typeof answer === 'object' && answer !== null && 'Dir' in answer && typeof answer.Dir === 'string') {
    return answer.Dir;
  }
  throw new Error(`go does not say where ${dependency} of ${module} is`);
}
