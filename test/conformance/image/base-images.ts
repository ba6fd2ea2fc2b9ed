import { chmodSync, cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTool } from '../tools/run-tool.js';
import { cached } from '../tools/tool-cache.js';
import type { ImageStore } from './image-store.js';

const debian = 'bookworm';
const nodeVersion = '24.21.0';
const npmVersion = '11.21.2';
/** The package with the binary that the npm package `node` installs. */
const nodePackage = `node-linux-${process.arch}@${nodeVersion}`;

export const runtimeBase = 'localhost/ml-verdict-runtime-base';
export const buildBase = 'localhost/ml-verdict-build-base';

/** Makes two base images of what package registries have: Debian with Node.js, and the same with npm. */
export function makeBaseImages(store: ImageStore): void {
  const system = cached('debian', [debian, process.arch], makeSystem);
  const node = cached('node', [nodePackage], (path) => {
    unpackPackage(nodePackage, (folder) => {
      renameSync(join(folder, 'bin/node'), path);
    });
  });
  const npm = cached('npm', [npmVersion], (path) => {
    unpackPackage(`npm@${npmVersion}`, (folder) => {
      cpSync(folder, path, { recursive: true });
    });
  });
  store.make(runtimeBase, 'scratch', (root) => {
    runTool('cp', ['-a', `${system}/.`, root]);
    mkdirSync(join(root, 'usr/local/bin'), { recursive: true });
    cpSync(node, join(root, 'usr/local/bin/node'));
    chmodSync(join(root, 'usr/local/bin/node'), 0o755);
  });
  store.make(buildBase, runtimeBase, (root) => {
    const modules = join(root, 'usr/local/lib/node_modules');
    mkdirSync(modules, { recursive: true });
    cpSync(npm, join(modules, 'npm'), { recursive: true });
    chmodSync(join(modules, 'npm/bin/npm-cli.js'), 0o755);
    symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(root, 'usr/local/bin/npm'));
  });
}

/** The smallest Debian, without what no container reads. */
function makeSystem(path: string): void {
  runTool('debootstrap', ['--variant=minbase', debian, path]);
  for (const folder of [
    'var/cache/apt',
    'var/lib/apt/lists',
    'usr/share/doc',
    'usr/share/man',
    'usr/share/locale',
  ]) {
    rmSync(join(path, folder), { recursive: true, force: true });
  }
}

/** Fetches a package of the npm registry as npm does, and hands over the folder with its content. */
function unpackPackage(name: string, use: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'ml-verdict-package-'));
  try {
    const file = runTool('npm', ['pack', '--silent', name], { cwd: folder }).trim();
    runTool('tar', ['-xzf', file, '--no-same-owner'], { cwd: folder });
    use(join(folder, 'package'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
