import { isMap, isScalar, isSeq, type Document } from 'yaml';

/** A key that stands twice in one map. */
export interface RepeatedKey {
  readonly key: string;
  readonly offset: number;
}

/** One such key of a document. The parser's own check compares every key with every other. */
export function repeatedKey(document: Document.Parsed): RepeatedKey | undefined {
  const open: unknown[] = [document.contents];
  while (open.length > 0) {
    const node = open.pop();
    if (isSeq(node)) for (const item of node.items) open.push(item);
    if (!isMap(node)) continue;
    const seen = new Set<string>();
    for (const { key, value } of node.items) {
      open.push(value);
      if (!isScalar(key)) continue;
      const text = String(key.value);
      if (seen.has(text) && text !== '<<') return { key: text, offset: key.range?.[0] ?? 0 };
      seen.add(text);
    }
  }
  return undefined;
}
