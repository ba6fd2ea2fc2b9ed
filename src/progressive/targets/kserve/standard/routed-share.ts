import type { KubernetesObject } from '../../../cluster/kubernetes-object.js';
import { backendSharesOf, routeProblem } from './http-route.js';

/** What the routes do with the canary. */
export interface RoutedShare {
  /** Null where the routes disagree, or no Gateway follows them yet. */
  readonly percent: number | null;
  /** Whether the canary is named in any of them, with whatever weight. */
  readonly isNamed: boolean;
  /** Who has the rest; null where that is not one. */
  readonly rest: string | null;
  readonly note: string | null;
}

/** The canary's share as every rule of every route gives it. */
export function routedShare(routes: readonly KubernetesObject[], canary: string): RoutedShare {
  const rules = routes.flatMap(backendSharesOf).filter((shares) => shares.size > 0);
  const isNamed = rules.some((shares) => shares.has(canary));
  const others = new Set(
    rules.flatMap((shares) =>
      [...shares].filter(([name, share]) => name !== canary && share > 0).map(([name]) => name),
    ),
  );
  const [rest = null] = others.size === 1 ? [...others] : [];
  const shares = new Set(rules.map((rule) => rule.get(canary) ?? 0));
  const problem = routes.map(routeProblem).find((text) => text !== undefined);
  if (problem !== undefined) return { percent: null, isNamed, rest, note: problem };
  const [percent] = shares;
  if (percent === undefined) return { percent: null, isNamed, rest, note: 'the routes have no backend yet' };
  if (shares.size > 1) {
    return { percent: null, isNamed, rest, note: 'the routes do not agree yet on the share of the canary' };
  }
  return { percent, isNamed, rest, note: null };
}

/** Who has everything in every rule of every route, as the Gateways follow them; null: nobody yet. */
export function holderOfAll(routes: readonly KubernetesObject[]): string | null {
  if (routes.some((route) => routeProblem(route) !== undefined)) return null;
  const served = routes
    .flatMap(backendSharesOf)
    .flatMap((shares) => [...shares].filter(([, share]) => share > 0).map(([name]) => name));
  const [holder = null, ...others] = new Set(served);
  return others.length === 0 ? holder : null;
}
