import { LineCounter, parseAllDocuments, type Document } from 'yaml';
import { quote } from '../../../domain/parsing.js';
import type { Refusal } from '../finding.js';
import { Field } from './field.js';
import { ManifestDocument } from './manifest-document.js';
import { repeatedKey } from './repeated-key.js';

/** The objects of a text, and what of it could not be read. */
export interface ParsedManifests {
  readonly objects: readonly Field[];
  /** Documents that are no Kubernetes objects. */
  readonly others: readonly Refusal[];
  readonly refused: readonly Refusal[];
}

/** What Helm would still have to fill in: `{{ .Values.x }}`, `{{- if …`, `{{ include …`. */
export const helmPlaceholder =
  /\{\{-?\s*(?:[.$]|if\b|else\b|end\b|range\b|with\b|include\b|define\b|template\b|toYaml\b|tpl\b)/;

/**
 * Reads all documents of a YAML or JSON text as Kubernetes reads them (YAML 1.1: a bare `yes` is a boolean); a `List` gives
 * its items. A document that cannot be read does not keep the others from being looked at.
 */
export function parseManifests(file: string, text: string): ParsedManifests {
  const lineCounter = new LineCounter();
  const objects: Field[] = [];
  const others: Refusal[] = [];
  const refused: Refusal[] = [];
  let documents: readonly Document.Parsed[];
  try {
    documents = [
      ...parseAllDocuments(text, {
        version: '1.1',
        lineCounter,
        prettyErrors: false,
        stringKeys: true,
        uniqueKeys: false,
        logLevel: 'error',
      }),
    ];
  } catch {
    return { objects, others, refused: [{ file, message: 'not YAML: it is nested too deeply' }] };
  }
  const helm = text.split('\n').findIndex((line) => helmPlaceholder.test(line));
  for (const document of documents) {
    const [problem] = [...document.errors, ...document.warnings];
    if (problem !== undefined && helm >= 0) {
      refused.push({
        file,
        line: helm + 1,
        message: 'a Helm template, not YAML yet: render it first, helm template CHART | ml-verdict lint -',
      });
      break;
    }
    if (problem !== undefined) {
      const { line } = lineCounter.linePos(problem.pos[0]);
      refused.push({ file, line, message: `not YAML: ${problem.message.replace(/\s+/g, ' ')}` });
      continue;
    }
    const twice = repeatedKey(document);
    if (twice !== undefined) {
      const { line } = lineCounter.linePos(twice.offset);
      refused.push({
        file,
        line,
        message: `not YAML: the key ${quote(twice.key)} stands twice in one object`,
      });
      continue;
    }
    const value = valueOf(document);
    const place = { file, line: lineCounter.linePos(document.contents?.range[0] ?? 0).line };
    if (!value.ok) refused.push({ ...place, message: value.message });
    else if (value.value !== null && value.value !== undefined) {
      const found = objectsOf(
        new Field(new ManifestDocument(file, value.value, document, lineCounter), value.value),
      );
      if (found === undefined) {
        const got =
          typeof value.value === 'object' && !Array.isArray(value.value)
            ? 'an object without them'
            : quote(value.value);
        others.push({
          ...place,
          message: `expected Kubernetes objects with apiVersion and kind, got ${got}`,
        });
      } else objects.push(...found);
    }
  }
  return { objects, others, refused };
}

type Value =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly message: string };

function valueOf(document: Document.Parsed): Value {
  try {
    // Refuses aliases that would multiply without bounds.
    const value: unknown = document.toJS();
    // Refuses what refers to itself: whatever follows may walk through the value.
    JSON.stringify(value);
    return { ok: true, value };
  } catch (error) {
    const excessive = error instanceof ReferenceError;
    return {
      ok: false,
      message: excessive
        ? `not usable: ${error.message}`
        : 'not usable: it refers to itself or is nested too deeply',
    };
  }
}

/** The object, or those of a list of objects; undefined for what is none. */
function objectsOf(root: Field): readonly Field[] | undefined {
  if (root.at('kind').text === undefined || root.at('apiVersion').text === undefined) return undefined;
  const items = root.at('items');
  if (root.at('kind').text?.endsWith('List') !== true || !Array.isArray(items.value)) return [root];
  return items.items().flatMap((item) => objectsOf(item) ?? []);
}
