import assert from 'node:assert/strict';
import { Project } from '../../../../src/cli/lint/argo/project.js';
import { parseManifests } from '../../../../src/cli/lint/files/parse-manifests.js';
import type { Finding } from '../../../../src/cli/lint/finding.js';
import { lintObjects } from '../../../../src/cli/lint/lint-objects.js';
import { policyBook } from '../../../../src/cli/lint/policy-book.js';
import type { LintContext } from '../../../../src/cli/lint/rule.js';
import { loadConfig } from '../../../../src/config/index.js';

export type Settings = Partial<Omit<LintContext, 'project'>>;

const config = loadConfig({ env: {}, toServe: false });
assert.ok(config.ok);
const policies = policyBook(config.value, false);

/** What is found in manifests, each the text of a file. */
export function lintTexts(texts: readonly string[], settings: Settings = {}): readonly Finding[] {
  const objects = texts.flatMap((text, index) => {
    const parsed = parseManifests(`file-${index}.yaml`, text);
    assert.deepEqual([parsed.refused, parsed.others], [[], []]);
    return parsed.objects;
  });
  return lintObjects({
    argoVersion: undefined,
    deadlineSeconds: 10,
    policies,
    traffic: undefined,
    ...settings,
    project: new Project(objects),
  });
}
