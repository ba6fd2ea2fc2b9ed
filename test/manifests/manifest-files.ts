/** Reads the manifests of the repository as the API server would read them. */
import { readdirSync, readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';

export interface ManifestFile {
  /** Path from the root of the repository: `rollouts/canary-gated.yaml`. */
  readonly path: string;
  readonly text: string;
  readonly documents: readonly unknown[];
}

const root = new URL('../../', import.meta.url);

/** Files for what ml-verdict drives itself; all others are for Argo Rollouts. */
const isDriven = (path: string): boolean => /^rollouts\/(kserve|seldon)-/.test(path);

/** Every YAML file for Argo Rollouts of the folders that are copied into application repositories. */
export function readManifestFiles(): readonly ManifestFile[] {
  return readFolders(['analysis-templates', 'rollouts']).filter(({ path }) => !isDriven(path));
}

/** The files for canaries of KServe and Seldon. */
export function readDrivenFiles(): readonly ManifestFile[] {
  return readFolders(['rollouts']).filter(({ path }) => isDriven(path));
}

function readFolders(folders: readonly string[]): readonly ManifestFile[] {
  return folders.flatMap((folder) =>
    readdirSync(new URL(`${folder}/`, root))
      .sort()
      .map((name) => readManifestFile(`${folder}/${name}`)),
  );
}

export function readManifestFile(path: string): ManifestFile {
  const text = readFileSync(new URL(path, root), 'utf8');
  return { path, text, documents: parseManifests(text, path) };
}

/**
 * All documents of a text. Fails on anything that YAML itself finds wrong, a repeated key included. Read as YAML 1.1,
 * as Kubernetes does: there a bare `yes` or `on` is a boolean.
 */
export function parseManifests(text: string, path = 'text'): readonly unknown[] {
  return [...parseAllDocuments(text, { version: '1.1', uniqueKeys: true })].map((document) => {
    const [problem] = [...document.errors, ...document.warnings];
    if (problem !== undefined) throw new Error(`${path}: ${problem.message}`);
    return document.toJS() as unknown;
  });
}
