import { Project } from './argo/project.js';
import type { Field } from './files/field.js';
import { parseManifests } from './files/parse-manifests.js';
import { readFiles } from './files/read-files.js';
import type { LintReport, Refusal } from './finding.js';
import { lintObjects } from './lint-objects.js';
import type { LintContext } from './rule.js';

/** Checks all objects of files and directories together: they name each other. */
export function lintFiles(paths: readonly string[], settings: Omit<LintContext, 'project'>): LintReport {
  const read = readFiles(paths);
  const objects: Field[] = [];
  const refused: Refusal[] = [...read.refused];
  for (const { file, text, named } of read.texts) {
    const parsed = parseManifests(file, text);
    objects.push(...parsed.objects);
    refused.push(...parsed.refused);
    // A directory may hold other YAML as well; a file that is named is meant.
    if (named) refused.push(...parsed.others);
  }
  const project = new Project(objects);
  return {
    findings: lintObjects({ ...settings, project }),
    refused,
    files: read.texts.length,
    checked: project.checked,
    metrics: project.templates.reduce((sum, { verdictMetrics }) => sum + verdictMetrics.length, 0),
    skipped: objects.length - project.checked,
  };
}
