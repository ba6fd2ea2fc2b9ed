import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the repository. */
export const repository = fileURLToPath(new URL('../../../', import.meta.url));

let compiled: string | undefined;

/** The program as it is shipped, compiled anew where a source is newer than what was compiled last; looked at once. */
export function compiledProgram(): string {
  return (compiled ??= compile());
}

function compile(): string {
  const program = join(repository, 'dist', 'main.js');
  if (!existsSync(program) || newest(join(repository, 'src')) > statSync(program).mtimeMs) {
    execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: repository, stdio: 'pipe' });
  }
  return program;
}

/** When the last change of a file below a folder was. */
function newest(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((last, entry) => Math.max(last, statSync(join(entry.parentPath, entry.name)).mtimeMs), 0);
}
