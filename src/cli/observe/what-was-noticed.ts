import { z } from 'zod';
import { formatCount } from '../../domain/units.js';

const note = z.object({
  text: z.string(),
  count: z.number(),
  first: z.string(),
  last: z.string(),
  example: z.record(z.string(), z.string()),
});

const texts = z.record(z.string(), z.string());

/** What the details of a source may tell that a person wants to know. */
const noticedFields = z.object({
  restarts: z
    .array(z.object({ at: z.string().nullable(), because: z.enum(['rollback-verdict', 'gap']) }))
    .optional(),
  aggregated: z.string().optional(),
  missing: texts.optional(),
  problems: texts.optional(),
  notes: z.array(note).optional(),
});

type Noticed = z.output<typeof noticedFields>;

/** What a source noticed while it counted, each as a sentence: what is missing, what went wrong, what had to be decided. */
export function whatWasNoticed(details: Readonly<Record<string, unknown>>): readonly string[] {
  const { restarts = [], aggregated, missing = {}, problems = {}, notes = [] } = noticedFields.parse(details);
  return [
    ...restarts.map(restartSentence),
    ...Object.entries(missing).map(([signal, why]) => `${signal}: ${why}`),
    ...Object.entries(problems).map(([signal, problem]) => `${signal}: ${problem}`),
    ...(aggregated === undefined ? [] : [aggregated]),
    ...notes.map(noteSentence),
  ];
}

function restartSentence({ at, because }: NonNullable<Noticed['restarts']>[number]): string {
  if (at === null) {
    return "after a rollback was answered the canary's traffic ended: there is nothing to judge until it comes again";
  }
  const why = because === 'gap' ? 'a time without traffic' : 'a rollback was answered and its traffic ended';
  return `the canary began anew at ${at}, after ${why}: what was before is left out`;
}

function noteSentence({ text, count, first, last, example }: z.output<typeof note>): string {
  const when =
    first === last ? `${timesOf(count)}at ${first}` : `${formatCount(count)} times from ${first} to ${last}`;
  return `${text} (${when}, for instance ${seriesText(example)})`;
}

function timesOf(count: number): string {
  return count === 1 ? '' : `${formatCount(count)} times `;
}

/** A series as Prometheus writes it: `name{label="value"}`. */
function seriesText({ __name__: name = '', ...labels }: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return `${name}{${pairs.join(',')}}`;
}
