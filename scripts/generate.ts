import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { configReference } from '../src/config/index.js';
import { buildOpenApi } from '../src/server/openapi/build-openapi.js';
import { routes } from '../src/server/routes/index.js';
import { customResourceDefinitionFile } from './custom-resource-definition.js';
import { dependencyReference } from './dependency-reference.js';
import { presetReference } from './preset-reference.js';
import { createMetrics, metricsReference } from '../src/telemetry/index.js';

/** Every file that is made from the code: `npm run generate` writes them, `npm run generate:check` compares. */
const generated: Readonly<Record<string, () => string>> = {
  'deploy/components/controller/crd.yaml': customResourceDefinitionFile,
  'docs/reference/openapi.json': () => `${JSON.stringify(buildOpenApi(routes), undefined, 2)}\n`,
  'docs/reference/config.md': configReference,
  'docs/reference/dependencies.md': dependencyReference,
  'docs/reference/presets.md': presetReference,
  'docs/reference/metrics.md': () => metricsReference(createMetrics({ processMetrics: true })),
};

const root = new URL('../', import.meta.url);
const check = process.argv.includes('--check');
const outOfDate = Object.entries(generated).filter(([path, make]) => readText(path) !== make());

for (const [path, make] of outOfDate) {
  if (check) {
    console.error(`${path} is out of date: run "npm run generate" and look at what changed`);
  } else {
    const file = fileURLToPath(new URL(path, root));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, make());
    console.log(`wrote ${path}`);
  }
}
if (check && outOfDate.length > 0) process.exitCode = 1;

function readText(path: string): string | undefined {
  try {
    return readFileSync(new URL(path, root), 'utf8');
  } catch {
    return undefined;
  }
}
