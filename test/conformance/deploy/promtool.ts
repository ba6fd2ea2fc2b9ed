/** The real promtool: whether expressions are PromQL, and whether alerts fire when they should. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { tryTool, type ToolRun } from '../tools/run-tool.js';

/** Groups of rules, as in a PrometheusRule's `spec.groups`. */
export interface RuleGroup {
  readonly name: string;
  readonly rules: readonly Readonly<Record<string, unknown>>[];
}

/** `promtool check rules`. */
export function checkRules(groups: readonly RuleGroup[]): ToolRun {
  return inFolder((folder) => {
    writeFileSync(join(folder, 'rules.yaml'), stringify({ groups }));
    return tryTool('promtool', ['check', 'rules', join(folder, 'rules.yaml')]);
  });
}

/** `promtool test rules` of a file of tests whose `rule_files` is `rules.yaml`. */
export function testRules(groups: readonly RuleGroup[], tests: string): ToolRun {
  return inFolder((folder) => {
    writeFileSync(join(folder, 'rules.yaml'), stringify({ groups }));
    writeFileSync(join(folder, 'tests.yaml'), tests);
    return tryTool('promtool', ['test', 'rules', join(folder, 'tests.yaml')]);
  });
}

function inFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'ml-verdict-promtool-'));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
