import { joinPath } from '../../../domain/parsing.js';
import type { ManifestDocument } from './manifest-document.js';

/** One place in a manifest, whether or not something stands there: a value that knows its path and its line. */
export class Field {
  readonly #document: ManifestDocument;
  readonly #keys: readonly (string | number)[];
  readonly value: unknown;

  constructor(document: ManifestDocument, value: unknown, keys: readonly (string | number)[] = []) {
    this.#document = document;
    this.#keys = keys;
    this.value = value;
  }

  /** A field below this one; what is not there has the value undefined. */
  at(...keys: readonly (string | number)[]): Field {
    let { value } = this;
    for (const key of keys) {
      const here: unknown = value;
      const there = typeof here === 'object' && here !== null && Object.hasOwn(here, key);
      value = there ? (here as Readonly<Record<string | number, unknown>>)[key] : undefined;
    }
    return new Field(this.#document, value, [...this.#keys, ...keys]);
  }

  get exists(): boolean {
    return this.value !== undefined && this.value !== null;
  }

  /** The value where it is a text. */
  get text(): string | undefined {
    return typeof this.value === 'string' ? this.value : undefined;
  }

  /** The value as text where it is a text, a number or a boolean. */
  get plainText(): string | undefined {
    const { value } = this;
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : undefined;
  }

  /** The entries of a list; of anything else none. */
  items(): readonly Field[] {
    return Array.isArray(this.value) ? this.value.map((_, index) => this.at(index)) : [];
  }

  /** The fields of an object; of anything else none. */
  fields(): readonly (readonly [string, Field])[] {
    const { value } = this;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
    return Object.keys(value).map((key) => [key, this.at(key)] as const);
  }

  get file(): string {
    return this.#document.file;
  }

  get path(): string {
    return joinPath('', this.#keys);
  }

  /** The line, from 1, that it stands on, else that of the nearest field around it. */
  get line(): number {
    return this.#document.lineOf(this.#keys);
  }
}
