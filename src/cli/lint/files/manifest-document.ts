import { isAlias, isMap, isScalar, isSeq, type Document, type LineCounter, type Node } from 'yaml';

/** One document of a file: its value, and where in the file each part of it stands. */
export class ManifestDocument {
  readonly file: string;
  readonly value: unknown;
  readonly #document: Document.Parsed;
  readonly #lineCounter: LineCounter;

  constructor(file: string, value: unknown, document: Document.Parsed, lineCounter: LineCounter) {
    this.file = file;
    this.value = value;
    this.#document = document;
    this.#lineCounter = lineCounter;
  }

  /** The line of the last part of a path that is there. */
  lineOf(keys: readonly (string | number)[]): number {
    let node: Node | null | undefined = this.#document.contents;
    let offset = node?.range?.[0] ?? this.#document.range[0];
    for (const key of keys) {
      const found = this.#child(node, key);
      if (found === undefined) break;
      offset = found.offset ?? offset;
      node = found.node;
    }
    return this.#lineCounter.linePos(offset).line;
  }

  #child(node: Node | null | undefined, key: string | number, depth = 0): Child | undefined {
    const plain = isAlias(node) ? node.resolve(this.#document) : node;
    if (isSeq(plain) && typeof key === 'number') {
      const item = plain.items[key] as Node | undefined;
      return item === undefined ? undefined : { node: item, offset: item.range?.[0] };
    }
    if (!isMap(plain)) return undefined;
    for (const pair of plain.items) {
      if (isScalar(pair.key) && String(pair.key.value) === String(key)) {
        return { node: pair.value as Node | null, offset: pair.key.range?.[0] };
      }
    }
    return depth > 8 ? undefined : this.#merged(plain, key, depth);
  }

  /** A field that comes of a merge key: `<<: *common`. */
  #merged(map: unknown, key: string | number, depth: number): Child | undefined {
    if (!isMap(map)) return undefined;
    for (const pair of map.items) {
      if (!isScalar(pair.key) || pair.key.value !== '<<') continue;
      const source = pair.value as Node | null;
      const sources = isSeq(source) ? (source.items as Node[]) : [source];
      for (const one of sources) {
        const found = this.#child(one, key, depth + 1);
        if (found !== undefined) return found;
      }
    }
    return undefined;
  }
}

interface Child {
  readonly node: Node | null;
  readonly offset: number | undefined;
}
