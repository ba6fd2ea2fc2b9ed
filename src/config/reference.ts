import { guardrailKinds } from '../judge/guardrails/index.js';
import { overrides } from './overrides.js';
import { describeSettings, settingTree, type SettingNode } from './setting-tree.js';

/** The reference of every setting as Markdown, made from the schemas that check them. */
export function configReference(): string {
  const sections = Object.entries(settingTree().properties ?? {});
  return [
    '# Config reference',
    '',
    '<!-- Made by `npm run generate` from the schemas; do not edit. -->',
    '',
    'The config is a YAML (or JSON) file, given by `--config FILE` or `ML_VERDICT_CONFIG`. Environment variables win over the file, flags over both. An unknown key is an error that names its line and the nearest known key. Every setting has a default, so an empty file, or none, is a config. `ml-verdict check-config` checks a file.',
    '',
    'Spans of time are written `500ms`, `10s`, `5m`, `24h` or `7d` (a bare number is seconds), sizes `64KiB` or `1MiB` (a bare number is bytes), rates and relative changes `0.5%` (a bare number is a fraction).',
    ...sections.flatMap(([name, node]) => ['', `## ${name}`, '', node.description ?? '', '', ...table(node, name)]),
    '',
    '## Guardrails',
    '',
    'The entries of `policies.<name>.guardrails`, by their `kind`.',
    ...guardrailKinds.flatMap(({ kind, summary, schema }) => [
      '',
      `### ${kind}`,
      '',
      `${summary[0]?.toUpperCase() ?? ''}${summary.slice(1)}.`,
      '',
      ...table(describeSettings(schema), ''),
    ]),
    '',
  ].join('\n');
}

function table(node: SettingNode, path: string): readonly string[] {
  return ['| key | default | meaning |', '|---|---|---|', ...rows(node, path)];
}

function rows(node: SettingNode, path: string): readonly string[] {
  const below = path === '' ? '' : `${path}.`;
  if (node.properties !== undefined) {
    return Object.entries(node.properties).flatMap(([key, child]) => rows(child, `${below}${key}`));
  }
  if (typeof node.additionalProperties === 'object') return rows(node.additionalProperties, `${below}<name>`);
  const standard = node.default === undefined ? '' : `\`${String(node.default)}\``;
  const meaning = `${node.description ?? ''}${alsoGivenBy(path)}`.replaceAll('|', '\\|');
  return [`| \`${path}\` | ${standard} | ${meaning} |`];
}

function alsoGivenBy(path: string): string {
  const given = overrides.find(({ section, key }) => path === `${section}.${key}`);
  return given === undefined ? '' : ` Also \`${given.variable}\` and \`${given.option}\`.`;
}
