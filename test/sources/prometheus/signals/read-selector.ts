/** Reads selectors of the query language back, strictly: what is not understood is an error. */
import assert from 'node:assert/strict';
import type { Matcher, MatchOperator } from '../../../../src/sources/prometheus/signals/signal.js';

export interface ReadSelector {
  /** Absent: there is only what stands in braces. */
  readonly metric?: string;
  readonly matchers: readonly Matcher[];
}

export function readSelector(text: string): ReadSelector {
  const reader = new Reader(text);
  const metric = reader.take(/[a-zA-Z_:][a-zA-Z0-9_:]*/y);
  const matchers: Matcher[] = [];
  if (reader.take(/\{/y) !== undefined) {
    do {
      const label = reader.take(/[a-zA-Z_][a-zA-Z0-9_]*/y) ?? unescapeString(reader.need(quoted));
      const operator = reader.need(/=~|!~|!=|=/y) as MatchOperator;
      matchers.push({ label, operator, value: unescapeString(reader.need(quoted)) });
    } while (reader.take(/,/y) !== undefined);
    reader.need(/\}/y);
  }
  reader.end();
  return metric === undefined ? { matchers } : { metric, matchers };
}

const quoted = /"(?:[^"\\\n]|\\.)*"/y;

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };

/** What a text in double quotes stands for, by the rules of Go. */
export function unescapeString(literal: string): string {
  assert.match(literal, /^"(?:[^"\\\n]|\\.)*"$/s);
  return literal.slice(1, -1).replace(/\\(u[0-9a-f]{4}|.)/gs, (_, escape: string) => {
    if (escape.length === 5) return String.fromCharCode(parseInt(escape.slice(1), 16));
    const character = escapes[escape];
    assert.ok(character !== undefined, `unknown escape \\${escape}`);
    return character;
  });
}

/** Whether a label fits a matcher, as a server decides it. */
export function fits({ operator, value }: Matcher, label: string): boolean {
  if (operator === '=' || operator === '!=') return (label === value) === (operator === '=');
  return new RegExp(`^(?:${value})$`, 's').test(label) === (operator === '=~');
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  need(pattern: RegExp): string {
    const found = this.take(pattern);
    assert.ok(found !== undefined, `expected ${pattern} at ${this.#at} of ${this.#text}`);
    return found;
  }

  end(): void {
    assert.equal(this.#at, this.#text.length, `more than a selector: ${this.#text}`);
  }
}
