import type { Field } from '../files/field.js';

/** An argument of a template, or one that is given to it. */
export interface Argument {
  readonly name: string;
  readonly field: Field;
  /** Its text where it is written out. */
  readonly value: string | undefined;
  /** Where its value comes from. */
  readonly from: 'value' | 'secret' | 'field' | 'latest-hash' | 'stable-hash' | 'unknown-hash' | 'nothing';
}

export function argumentsOf(list: Field): readonly Argument[] {
  return list.items().flatMap((field) => {
    const name = field.at('name').text;
    if (name === undefined) return [];
    const value = field.at('value').plainText;
    return [{ name, field, value, from: sourceOf(field, value) }];
  });
}

function sourceOf(field: Field, value: string | undefined): Argument['from'] {
  if (value !== undefined) return 'value';
  const from = field.at('valueFrom');
  if (from.at('secretKeyRef').exists) return 'secret';
  if (from.at('fieldRef').exists) return 'field';
  switch (from.at('podTemplateHashValue').text) {
    case undefined:
      return 'nothing';
    case 'Latest':
      return 'latest-hash';
    case 'Stable':
      return 'stable-hash';
    default:
      return 'unknown-hash';
  }
}

/** The texts of the arguments that are written out, by name. */
export function writtenValues(args: readonly Argument[]): ReadonlyMap<string, string> {
  return new Map(args.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value] as const])));
}
