/** The real kustomize, built from the module that test/conformance/go.mod names. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { parseManifests } from '../../manifests/manifest-files.js';
import { runTool } from '../tools/run-tool.js';
import { cached } from '../tools/tool-cache.js';

const module = fileURLToPath(new URL('../', import.meta.url));
const root = fileURLToPath(new URL('../../../', import.meta.url));

let command: string | undefined;

/** The path of the command; building it the first time takes half a minute. */
export function kustomize(): string {
  return (command ??= cached(
    'kustomize',
    [readFileSync(join(module, 'go.mod'), 'utf8'), readFileSync(join(module, 'go.sum'), 'utf8')],
    (path) => {
      runTool('go', ['build', '-o', path, 'sigs.k8s.io/kustomize/kustomize/v5'], {
        cwd: module,
        env: { CGO_ENABLED: '0' },
      });
    },
  ));
}

/** The objects that a folder of the repository, such as `deploy/overlays/embedded`, is built to. */
export function buildFolder(folder: string): readonly unknown[] {
  return parseManifests(runTool(kustomize(), ['build', join(root, folder)]), folder);
}

/** The objects of a Kustomization that is written for the occasion, with the files that it names beside it. */
export function buildKustomization(
  kustomization: Readonly<Record<string, unknown>>,
  files: Readonly<Record<string, string>> = {},
): readonly unknown[] {
  const folder = mkdtempSync(join(tmpdir(), 'ml-verdict-kustomization-'));
  try {
    const base = (path: string): string => relative(folder, join(root, path));
    const content = {
      apiVersion: 'kustomize.config.k8s.io/v1beta1',
      kind: 'Kustomization',
      ...kustomization,
      ...pathsIn(kustomization, 'resources', base),
      ...pathsIn(kustomization, 'components', base),
    };
    writeFileSync(join(folder, 'kustomization.yaml'), stringify(content));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return parseManifests(runTool(kustomize(), ['build', folder]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The folders of the repository under a key, as seen from the Kustomization; its own files stay as they are. */
function pathsIn(
  kustomization: Readonly<Record<string, unknown>>,
  key: string,
  base: (path: string) => string,
): Readonly<Record<string, unknown>> {
  const paths = kustomization[key];
  if (!Array.isArray(paths)) return {};
  return {
    [key]: paths.map((path: unknown) => (String(path).startsWith('deploy/') ? base(String(path)) : path)),
  };
}
