import type { z } from 'zod';
import { guardrailKinds } from '../judge/index.js';
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
    ...sections.flatMap(([name, node]) => [
      '',
      `## ${name}`,
      '',
      node.description ?? '',
      '',
      ...table(node, name),
    ]),
    '',
    '## Guardrails',
    '',
    'The entries of `policies.<name>.guardrails`, by their `kind`.',
    ...guardrailKinds.flatMap(({ kind, summary, schema }) => [
      '',
      `### ${kind}`,
      '',
      sentence(summary),
      '',
      ...table(settingsOf(schema), ''),
    ]),
    '',
  ].join('\n');
}

/** The settings of a kind of guardrail; its kind is what the heading says. */
function settingsOf(schema: z.ZodType): SettingNode {
  const { properties = {} } = describeSettings(schema);
  return { properties: Object.fromEntries(Object.entries(properties).filter(([key]) => key !== 'kind')) };
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
  const standard = node.default === undefined ? '' : `\`${plain(node.default)}\``;
  const meaning = `${sentence(node.description ?? '')}${alsoGivenBy(path)}`.replaceAll('|', '\\|');
  const own = `| \`${path}\` | ${standard} | ${meaning} |`;
  const entry =
    typeof node.items === 'object' && node.items.properties !== undefined ? node.items : undefined;
  return [own, ...(entry === undefined ? [] : rows(entry, `${path}[]`))];
}

/** A description as a sentence. */
function sentence(text: string): string {
  if (text === '') return '';
  return `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;
}

/** A default as a file has it: texts bare, the rest as JSON. */
function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function alsoGivenBy(path: string): string {
  const given = overrides.find(({ section, key }) => path === `${section}.${key}`);
  return given === undefined ? '' : ` Also \`${given.variable}\` and \`${given.option}\`.`;
}
