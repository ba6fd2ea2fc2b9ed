/**
 * Closes schemas that were compiled open. The validators generated from the CRDs ask an object for each of its known
 * fields and pass silently over the others; the API server would prune those, or refuse them. So the value is handed
 * to the validator through a proxy that notes which fields it asks for, and what it never asked for is unknown.
 */
import type { FieldError } from '../../src/domain/errors.js';
import { suggestName } from '../../src/domain/nearest-name.js';
import { joinPath } from '../../src/domain/parsing.js';

/** What a validator did with one object: which fields it asked for, and whether it went through all the keys. */
interface Visit {
  readonly asked: Set<string>;
  enumerated: boolean;
}

/** An object of the value whose keys are not fixed by its schema, as in `labels` or a free-form `jsonBody`. */
export interface OpenObject {
  readonly path: string;
  readonly kind: 'map' | 'free-form';
}

export class FieldWatch {
  readonly #visits = new Map<object, Visit>();
  readonly #root: unknown;

  constructor(root: unknown) {
    this.#root = root;
  }

  /** The value to validate: reads as the original, and notes what is read. */
  watched(): unknown {
    return this.#wrap(this.#root);
  }

  /** Every field that stands in the value and that the validator does not know; call it after the validator. */
  unknownFields(): readonly FieldError[] {
    const found: FieldError[] = [];
    this.#walk(this.#root, '', (path, value, visit) => {
      if (openKind(visit) !== undefined) return;
      for (const key of Object.keys(value)) {
        if (visit.asked.has(key)) continue;
        const message = `unknown field; ${suggestName(key, [...visit.asked])}`;
        found.push({ path: joinPath(path, [key]), message });
      }
    });
    return found;
  }

  /** The objects with free keys, so that a test can say which ones these are. */
  openObjects(): readonly OpenObject[] {
    const found: OpenObject[] = [];
    this.#walk(this.#root, '', (path, _value, visit) => {
      const kind = openKind(visit);
      if (kind !== undefined) found.push({ path, kind });
    });
    return found;
  }

  #walk(value: unknown, path: string, seen: (path: string, value: object, visit: Visit) => void): void {
    if (Array.isArray(value)) {
      value.forEach((entry: unknown, index) => {
        this.#walk(entry, joinPath(path, [index]), seen);
      });
    } else if (isObject(value)) {
      const visit = this.#visits.get(value);
      // Inside a free-form object nothing was visited.
      if (visit === undefined) return;
      seen(path, value, visit);
      for (const [key, child] of Object.entries(value)) this.#walk(child, joinPath(path, [key]), seen);
    }
  }

  #wrap(value: unknown): unknown {
    if (!isObject(value)) return value;
    return new Proxy(value, this.#handlerFor(value));
  }

  #handlerFor(target: object): ProxyHandler<object> {
    if (Array.isArray(target)) return { get: (entries, key) => this.#wrap(Reflect.get(entries, key)) };
    const visit = this.#visits.get(target) ?? { asked: new Set<string>(), enumerated: false };
    this.#visits.set(target, visit);
    return {
      get: (object, key) => {
        if (typeof key === 'string') visit.asked.add(key);
        return this.#wrap(Reflect.get(object, key));
      },
      ownKeys: (object) => {
        visit.enumerated = true;
        return Reflect.ownKeys(object);
      },
    };
  }
}

function openKind(visit: Visit): OpenObject['kind'] | undefined {
  if (visit.enumerated) return 'map';
  return visit.asked.size === 0 ? 'free-form' : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
