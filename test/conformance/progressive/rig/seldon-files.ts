import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const own = fileURLToPath(new URL('../crds/', import.meta.url));

/**
 * The files that declare SeldonDeployment and Experiment: the vendor's, where `SELDON_CRD_DIR` says where they are, else
 * our own with the fields that are used.
 */
export function seldonResourceFiles(): readonly string[] {
  const folder = process.env['SELDON_CRD_DIR'];
  if (folder === undefined || folder === '') {
    return ['seldondeployments.yaml', 'experiments.yaml'].map((name) => join(own, name));
  }
  const vendors = ['seldon-v1.17.1-seldondeployments.yaml', 'seldon-v2.6.0-experiments.yaml'];
  return vendors.map((name) => {
    const path = join(folder, name);
    if (!existsSync(path)) throw new Error(`SELDON_CRD_DIR has no file ${name}`);
    return path;
  });
}
