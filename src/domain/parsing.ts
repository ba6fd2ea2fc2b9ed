import type { z } from 'zod';
import type { FieldError } from './errors.js';
import { suggestName } from './nearest-name.js';
import { failure, success, type Result } from './result.js';

/** How field errors speak of the offending value. */
export interface ParseOptions {
  /** Quote the value in the message (default). Off where values may be payload: then only its type is named. */
  readonly showValues?: boolean;
  /** Put before every path: `policies.default`. */
  readonly at?: string;
}

/**
 * Checks a value against a schema. Fails with one error per offending field: its path, what stands there and
 * what was expected; an unknown key comes with the nearest known name.
 */
export function parseWith<S extends z.ZodType>(
  schema: S,
  value: unknown,
  options: ParseOptions = {},
): Result<z.output<S>> {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return success(parsed.data);
  return failure(parsed.error.issues.flatMap((issue) => describeIssue(issue, schema, value, options)));
}

function describeIssue(
  issue: z.core.$ZodIssue,
  schema: z.ZodType,
  root: unknown,
  options: ParseOptions,
): readonly FieldError[] {
  const path = joinPath(options.at ?? '', issue.path);
  const found = valueAt(root, issue.path);
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(schema, issue.path);
    return issue.keys.map((key) => ({
      path: joinPath(path, [key]),
      message: `unknown field; ${suggestName(key, known)}`,
    }));
  }
  if (issue.code === 'invalid_union') {
    const branch = likeliestBranch(issue.errors);
    if (branch !== undefined && issue.message === 'Invalid input') {
      return branch.flatMap((inner) =>
        describeIssue({ ...inner, path: [...issue.path, ...inner.path] }, schema, root, options),
      );
    }
  }
  if (found === undefined && issue.code !== 'custom') {
    return [{ path, message: `missing; expected ${expectation(issue)}` }];
  }
  const showValues = options.showValues ?? true;
  return [{ path, message: `expected ${expectation(issue, showValues)}, got ${quote(found, showValues)}` }];
}

/**
 * The union branch that the writer most likely meant: one of the type that was written, of these the one with the fewest
 * complaints, of equals the deepest.
 */
function likeliestBranch(
  branches: readonly (readonly z.core.$ZodIssue[])[],
): readonly z.core.$ZodIssue[] | undefined {
  const depth = (branch: readonly z.core.$ZodIssue[]) => Math.max(...branch.map(depthOf));
  const isOther = (branch: readonly z.core.$ZodIssue[]) => Number(branch.some(isOfWholeType));
  return [...branches].sort(
    (a, b) => isOther(a) - isOther(b) || a.length - b.length || depth(b) - depth(a),
  )[0];
}

/** Whether something of another type was expected altogether. */
function isOfWholeType({ code, path }: z.core.$ZodIssue): boolean {
  return code === 'invalid_type' && path.length === 0;
}

/** How deep an issue lies, those inside a union counted by their deepest branch. */
function depthOf(issue: z.core.$ZodIssue): number {
  if (issue.code !== 'invalid_union') return issue.path.length;
  return issue.path.length + Math.max(0, ...issue.errors.flat().map(depthOf));
}

function expectation(issue: z.core.$ZodIssue, showValues = true): string {
  switch (issue.code) {
    case 'custom': {
      const unquoted: unknown = issue.params?.['unquoted'];
      return showValues || typeof unquoted !== 'string' ? issue.message : unquoted;
    }
    case 'invalid_type':
      return typeNames[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return issue.values.length === 1
        ? JSON.stringify(issue.values[0])
        : `one of ${issue.values.map((value) => JSON.stringify(value)).join(', ')}`;
    case 'too_small':
      if (issue.origin === 'string') return 'a text that is not empty';
      if (issue.origin === 'array') return `at least ${issue.minimum} entries`;
      return `a number ${issue.inclusive === false ? 'above' : 'of at least'} ${issue.minimum}`;
    case 'too_big':
      if (issue.origin === 'string') return `a text of at most ${issue.maximum} characters`;
      if (issue.origin === 'array') return `at most ${issue.maximum} entries`;
      return `a number ${issue.inclusive === false ? 'below' : 'of at most'} ${issue.maximum}`;
    case 'invalid_format':
      return issue.format === 'datetime' ? 'an ISO 8601 time such as "2026-01-05T10:00:00Z"' : issue.message;
    default:
      return issue.message;
  }
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'an array',
};

/** A value as a short text for a message; only its type where values must not be shown. */
export function quote(value: unknown, showValue = true): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'bigint' || typeof value === 'symbol' || typeof value === 'function')
    return typeof value;
  if (!showValue)
    return typeof value === 'number' ? 'a number' : typeof value === 'string' ? 'a text' : typeof value;
  // JSON has no word for what is beyond the largest double: a file may hold 1e400.
  const text = typeof value === 'number' ? String(value) : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** `looks[3].canary` from its parts. */
export function joinPath(base: string, parts: readonly PropertyKey[]): string {
  let path = base;
  for (const part of parts) {
    if (typeof part === 'number') path += `[${part}]`;
    else path += path === '' ? String(part) : `.${String(part)}`;
  }
  return path;
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let value = root;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Readonly<Record<PropertyKey, unknown>>)[part];
  }
  return value;
}

/** The keys that the schema knows at a path; looks through unions, options and transforms. */
function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  let nodes: readonly unknown[] = [schema];
  for (const part of path) nodes = nodes.flatMap((node) => step(node, part));
  return [...new Set(nodes.flatMap((node) => unwrap(node)).flatMap((node) => shapeKeys(node)))];
}

interface SchemaNode {
  readonly _zod: { readonly def: Readonly<Record<string, unknown>> };
}

function isNode(value: unknown): value is SchemaNode {
  return typeof value === 'object' && value !== null && '_zod' in value;
}

/** The plain schemas inside optional, default, transform, union and lazy wrappers. */
function unwrap(node: unknown): readonly SchemaNode[] {
  if (!isNode(node)) return [];
  const { def } = node._zod;
  const inner = [
    def['innerType'],
    def['in'],
    ...(Array.isArray(def['options']) ? (def['options'] as unknown[]) : []),
  ];
  const unwrapped = inner.flatMap((child) => unwrap(child));
  return unwrapped.length > 0 ? unwrapped : [node];
}

function step(node: unknown, part: PropertyKey): readonly unknown[] {
  return unwrap(node).flatMap((plain) => {
    const { def } = plain._zod;
    if (def['type'] === 'array') return [def['element']];
    if (def['type'] === 'record') return [def['valueType']];
    if (def['type'] === 'object') return [(def['shape'] as Readonly<Record<PropertyKey, unknown>>)[part]];
    return [];
  });
}

function shapeKeys(node: SchemaNode): readonly string[] {
  return node._zod.def['type'] === 'object' ? Object.keys(node._zod.def['shape'] as object) : [];
}
