/** Triggers and templates for Argo's notifications, as they stand in a ConfigMap, and who subscribes to them. */
import { parse } from 'yaml';
import { z } from 'zod';
import type { FieldError } from '../../../src/domain/errors.js';
import { suggestName } from '../../../src/domain/nearest-name.js';
import { parseWith } from '../../../src/domain/parsing.js';
import type { Rollout } from '../argo-documents.js';

/** The name of a trigger is that of the event that fires it, and no other trigger ever fires. */
const events = [
  'on-analysis-run-error',
  'on-analysis-run-failed',
  'on-analysis-run-inconclusive',
  'on-analysis-run-running',
  'on-analysis-run-successful',
  'on-rollout-aborted',
  'on-rollout-completed',
  'on-rollout-paused',
  'on-rollout-resumed',
  'on-rollout-step-completed',
  'on-rollout-updated',
  'on-scaling-replica-set',
];

const trigger = z.array(
  z.strictObject({
    description: z.string().optional(),
    when: z.string().optional(),
    send: z.array(z.string()).min(1),
  }),
);

const template = z.strictObject({
  message: z.string(),
  email: z.strictObject({ subject: z.string() }),
});

type Data = Readonly<Record<string, string>>;

/** @param data of the ConfigMap `argo-rollouts-notification-configmap`. */
export function checkNotifications(data: Data): readonly FieldError[] {
  const templates = namesOf(data, 'template');
  return Object.entries(data).flatMap(([key, text]) => {
    const path = `data.${key}`;
    const [kind, name = ''] = key.split('.');
    if (kind !== 'trigger' && kind !== 'template')
      return [{ path, message: 'expected a trigger or a template' }];
    const content: unknown = parse(text);
    if (kind === 'template') {
      const parsed = parseWith(template, content, { at: path });
      if (!parsed.ok) return parsed.errors;
      const { message, email } = parsed.value;
      return [
        ...checkGoTemplate(message, `${path}.message`),
        ...checkGoTemplate(email.subject, `${path}.email.subject`),
      ];
    }
    const parsed = parseWith(trigger, content, { at: path });
    if (!parsed.ok) return parsed.errors;
    return [
      ...(events.includes(name)
        ? []
        : [{ path, message: `no event fires it; ${suggestName(name, events)}` }]),
      ...parsed.value
        .flatMap(({ send }) => send)
        .filter((sent) => !templates.includes(sent))
        .map((sent) => ({ path, message: `no template "${sent}"; ${suggestName(sent, templates)}` })),
    ];
  });
}

/** Annotations of a Rollout such as `notifications.argoproj.io/subscribe.on-rollout-aborted.slack`. */
export function checkSubscriptions(rollout: Rollout, data: Data): readonly FieldError[] {
  const triggers = namesOf(data, 'trigger');
  return Object.entries(rollout.metadata.annotations).flatMap(([key, recipients]) => {
    const found = /^notifications\.argoproj\.io\/subscribe\.([^.]+)\.([^.]+)$/.exec(key);
    if (found === null) return [];
    const path = `metadata.annotations['${key}']`;
    const [, name = ''] = found;
    if (!triggers.includes(name))
      return [{ path, message: `no trigger "${name}"; ${suggestName(name, triggers)}` }];
    return recipients === '' ? [{ path, message: 'nobody would hear of it' }] : [];
  });
}

function namesOf(data: Data, kind: 'trigger' | 'template'): readonly string[] {
  return Object.keys(data)
    .filter((key) => key.startsWith(`${kind}.`))
    .map((key) => key.slice(kind.length + 1));
}

const action = /\{\{-?\s*(.*?)\s*-?\}\}/g;
/** What Argo hands to a template, where a field of it stands at the start or behind `$` or a bracket. */
const fields = ['rollout', 'analysisRuns'];

/** Blocks that are closed, variables that exist: the mistakes that only show when something has to be told. */
function checkGoTemplate(text: string, path: string): readonly FieldError[] {
  const found: FieldError[] = [];
  const report = (message: string) => found.push({ path, message });
  if (count(text, '{{') !== count(text, '}}')) report('a bracket of {{ … }} is missing');
  const declared = new Set<string>();
  // Behind `with` and `range` without a variable of their own, `.field` is a field of what they chose.
  const blocks: string[] = [];
  for (const [, body = ''] of text.matchAll(action)) {
    for (const [, name = ''] of body.matchAll(/\$(\w+)(?=(?:, \$\w+)? :=)/g)) declared.add(name);
    for (const [, name = ''] of body.matchAll(/\$(\w+)/g)) {
      if (!declared.has(name)) report(`no variable $${name}; ${suggestName(name, [...declared])}`);
    }
    if (!blocks.some((block) => /^(with|range (?!\$))/.test(block))) {
      for (const [, name = ''] of body.matchAll(/(?:^|[\s(])\.(\w+)/g)) {
        if (!fields.includes(name)) report(`Argo hands over no .${name}; ${suggestName(name, fields)}`);
      }
    }
    if (/^(if|range|with)\b/.test(body)) blocks.push(body);
    if (body === 'end' && blocks.pop() === undefined) report('an {{ end }} too many');
  }
  for (const block of blocks) report(`{{ ${block} }} is not closed`);
  return found;
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}
