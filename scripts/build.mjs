// Compiles src to dist and copies what is not TypeScript: the demo's config and recording.
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';

const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');

rmSync('dist', { recursive: true, force: true });
execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { stdio: 'inherit' });
for (const path of ['cli/demo/config.yaml', 'cli/demo/recording']) {
  cpSync(`src/${path}`, `dist/${path}`, { recursive: true });
}
chmodSync('dist/main.js', 0o755);
