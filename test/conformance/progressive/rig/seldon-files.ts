import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const own = fileURLToPath(new URL('../crds/', import.meta.url));

/** Where the definitions of SeldonDeployment and Experiment come from. */
export type SeldonDefinitions = 'own' | 'vendor';

/** Where the vendor's files are; undefined where nobody says. */
export function vendorFolder(): string | undefined {
  const folder = process.env['SELDON_CRD_DIR'];
  return folder === '' ? undefined : folder;
}

/**
 * Our own files with the fields that are used, or the vendor's, which `SELDON_CRD_DIR` says the place of.
 * @param folder for a file that has to be changed before a server takes it
 */
export function seldonResourceFiles(definitions: SeldonDefinitions, folder: string): readonly string[] {
  if (definitions === 'own') {
    return ['seldondeployments.yaml', 'experiments.yaml'].map((name) => join(own, name));
  }
  const [deployments, experiments] = [
    'seldon-v1.17.1-seldondeployments.yaml',
    'seldon-v2.6.0-experiments.yaml',
  ].map((name) => {
    const path = join(vendorFolder() ?? '', name);
    if (!existsSync(path)) throw new Error(`SELDON_CRD_DIR has no file ${name}`);
    return path;
  });
  if (deployments === undefined || experiments === undefined) return [];
  const accepted = join(folder, 'seldondeployments.yaml');
  writeFileSync(accepted, acceptable(readFileSync(deployments, 'utf8')));
  return [accepted, experiments];
}

/**
 * A graph has graphs for children, which no schema can say: the generated file says nothing at all of them, and no server
 * takes that. The vendor's installation fills it in too.
 */
function acceptable(text: string): string {
  return text.replaceAll(/^( *)children:\n *items: \{\}$/gm, (_, indent: string) =>
    [
      `${indent}children:`,
      `${indent}  items:`,
      `${indent}    type: object`,
      `${indent}    x-kubernetes-preserve-unknown-fields: true`,
    ].join('\n'),
  );
}
