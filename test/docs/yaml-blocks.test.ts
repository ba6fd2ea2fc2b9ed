import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { loadConfig } from '../../src/config/index.js';
import { parsePolicy } from '../../src/judge/index.js';
import { checkSchema } from '../manifests/schema-validator.js';
import { valueOf } from '../support/value-of.js';
import { documents } from './documents.js';
import { scrapeConfigSchema } from './scrape-config.js';

/** Its fragments of Rollouts are tried by test/manifests/guide-examples.test.ts. */
const triedElsewhere: readonly string[] = ['docs/guides/argo-rollouts.md'];

const yamlBlocks = documents
  .filter(({ path }) => !triedElsewhere.includes(path))
  .flatMap(({ path, blocks }) =>
    blocks
      .filter(({ language }) => language === 'yaml')
      .map((block) => ({ where: `${path}:${block.line}`, text: block.text, values: valuesIn(block.text) })),
  );

function valuesIn(text: string): readonly Readonly<Record<string, unknown>>[] {
  return parseAllDocuments(text).map((document) => document.toJS() as Readonly<Record<string, unknown>>);
}

describe('yaml blocks of the documents', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'ml-verdict-docs-'));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  for (const { where, text, values } of yamlBlocks) {
    const [first = {}] = values;
    if ('apiVersion' in first) {
      it(`${where} fits the schemas of its kinds`, () => {
        assert.deepEqual(
          values.flatMap((value) => checkSchema(value).errors),
          [],
        );
      });
    } else if ('guardrails' in first) {
      it(`${where} is a policy`, () => {
        valueOf(parsePolicy(first, 'documented'));
      });
    } else if ('scrape_configs' in first) {
      it(`${where} is a config of Prometheus`, () => {
        scrapeConfigSchema.parse(first);
      });
    } else {
      // Also what is none of these: its first key is then an unknown one of the config.
      it(`${where} is a config`, () => {
        const file = join(folder, 'config.yaml');
        writeFileSync(file, text);
        valueOf(loadConfig({ file, env: {} }));
      });
    }
  }

  it('are there', () => {
    assert.ok(yamlBlocks.length >= 3, String(yamlBlocks.length));
  });
});
