import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from 'yaml';
import { joinPath } from '../domain/parsing.js';
import { failure, success, type Result } from '../domain/result.js';

/** The value of a YAML (or JSON) text, and where in the text each part of it stands. */
export interface YamlText {
  readonly value: unknown;
  /** The line, from 1, of the field at a path such as `guardrails[0].kind`, or of the nearest field around it. */
  readonly lineOf: (path: string) => number | undefined;
}

/**
 * Reads one YAML document; JSON is accepted as well. Fails with the line of each mistake: bad syntax, a key that
 * stands twice, an unknown tag, more than one document. An empty text has the value null.
 */
export function parseYamlText(text: string): Result<YamlText> {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, {
    lineCounter,
    prettyErrors: false,
    stringKeys: true,
    logLevel: 'error',
  });
  const problems = [...document.errors, ...document.warnings];
  if (problems.length > 0) {
    return failure(
      problems.map((problem) => ({
        path: '',
        message: `${problem.message.replace(/\s+/g, ' ')} (line ${lineCounter.linePos(problem.pos[0]).line})`,
      })),
    );
  }
  let value: unknown;
  try {
    // Refuses aliases that would multiply without bounds, so that what follows may walk through them.
    value = document.toJS();
  } catch (error) {
    return failure([
      { path: '', message: error instanceof Error ? error.message : 'the text could not be read' },
    ]);
  }
  const lines = new Map<string, number>();
  collectLines(document.contents, '', { document, lineCounter, lines });
  return success({ value, lineOf: (path) => nearestLine(path, lines) });
}

interface Walk {
  readonly document: Document.Parsed;
  readonly lineCounter: LineCounter;
  readonly lines: Map<string, number>;
}

/** Notes the line of every key and list entry; behind an alias, that of the anchored text. */
function collectLines(node: Node | null, path: string, walk: Walk, depth = 0): void {
  const plain = isAlias(node) ? node.resolve(walk.document) : node;
  if (depth > 64) return;
  if (isMap(plain)) {
    for (const pair of plain.items) {
      if (!isScalar(pair.key)) continue;
      const childPath = joinPath(path, [String(pair.key.value)]);
      note(pair.key, childPath, walk);
      collectLines(pair.value as Node | null, childPath, walk, depth + 1);
    }
  } else if (isSeq(plain)) {
    plain.items.forEach((item, index) => {
      const childPath = joinPath(path, [index]);
      note(item as Node | null, childPath, walk);
      collectLines(item as Node | null, childPath, walk, depth + 1);
    });
  }
}

function note(node: Node | null, path: string, walk: Walk): void {
  const start = node?.range?.[0];
  if (start !== undefined) walk.lines.set(path, walk.lineCounter.linePos(start).line);
}

function nearestLine(path: string, lines: ReadonlyMap<string, number>): number | undefined {
  let end = path.length;
  while (end > 0) {
    const line = lines.get(path.slice(0, end));
    if (line !== undefined) return line;
    end = Math.max(path.lastIndexOf('.', end - 1), path.lastIndexOf('[', end - 1));
  }
  return undefined;
}
