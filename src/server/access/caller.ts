import type { AccessScope } from '../../config/index.js';
import { nameMatcher, type NameMatcher } from './name-pattern.js';

/** What somebody may do, as the config writes it. */
export interface GrantSettings {
  readonly scopes: readonly AccessScope[];
  /** Patterns; absent: all. */
  readonly namespaces?: readonly string[] | undefined;
  readonly models?: readonly string[] | undefined;
}

interface Grant {
  readonly scopes: ReadonlySet<AccessScope>;
  readonly namespace: NameMatcher;
  readonly model: NameMatcher;
  readonly unbounded: boolean;
  /** Whether the config lists its models, by name or pattern. */
  readonly listsModels: boolean;
}

/** Somebody who was let in, and what for. */
export class Caller {
  /** Names the token, or the issuer and the subject; absent: without credentials. */
  readonly name: string | undefined;
  readonly #grants: readonly Grant[];
  readonly #written: string;

  constructor(name: string | undefined, grants: readonly GrantSettings[]) {
    this.name = name;
    this.#grants = grants.map(({ scopes, namespaces, models }) => ({
      scopes: new Set(scopes),
      namespace: nameMatcher(namespaces),
      model: nameMatcher(models),
      unbounded: [namespaces, models].every((patterns) => patterns?.includes('*') ?? true),
      listsModels: models !== undefined && !models.includes('*'),
    }));
    this.#written = JSON.stringify(
      grants.map(({ scopes, namespaces, models }) => [scopes, namespaces, models]),
    );
  }

  /** Whether it may do this with some model at least. */
  has(scope: AccessScope): boolean {
    return this.#grants.some(({ scopes }) => scopes.has(scope));
  }

  /** Whether it may do this with this model. */
  may(scope: AccessScope, namespace: string, model: string): boolean {
    return this.#grants.some(
      (grant) => grant.scopes.has(scope) && grant.namespace(namespace) && grant.model(model),
    );
  }

  /** Whether it may do this with a model of this name, in whichever namespace, since the config lists it by name. */
  isListedFor(scope: AccessScope, model: string): boolean {
    return this.#grants.some((grant) => grant.listsModels && grant.scopes.has(scope) && grant.model(model));
  }

  /** Whether it may do this with every model that there is or will be. */
  mayWithAll(scope: AccessScope): boolean {
    return this.#grants.some(({ scopes, unbounded }) => unbounded && scopes.has(scope));
  }

  /** Equal for callers who may do this with the same models: an answer that names some may be shared among them. */
  view(scope: AccessScope): string {
    return this.mayWithAll(scope) ? '' : this.#written;
  }
}

/** Whoever comes without credentials where the config lets them in. */
export const anonymous = new Caller(undefined, [{ scopes: ['verdict', 'ingest', 'read'] }]);
