import { isRecord } from '../cluster/read-object.js';

/**
 * Whether all that is wanted stands there, null for what shall not be there. More may be there: platforms and admission webhooks
 * fill in fields, and add arguments, variables and containers of their own.
 */
export function standsIn(found: unknown, wanted: unknown): boolean {
  if (wanted === null || wanted === undefined) return found === null || found === undefined;
  if (Array.isArray(wanted)) return Array.isArray(found) && listStandsIn(found, wanted);
  if (!isRecord(wanted)) return found === wanted;
  if (!isRecord(found)) return false;
  return Object.entries(wanted).every(([name, value]) =>
    name === 'resources' ? resourcesStandIn(found[name], value) : standsIn(found[name], value),
  );
}

/** In their order, with whatever between them. */
function listStandsIn(found: readonly unknown[], wanted: readonly unknown[]): boolean {
  let from = 0;
  return wanted.every((value) => {
    const at = found.findIndex((one, index) => index >= from && standsIn(one, value));
    from = at + 1;
    return at >= 0;
  });
}

/** Webhooks write quantities otherwise: `1` as `"1"`, `1000m` as `"1"`. */
function resourcesStandIn(found: unknown, wanted: unknown): boolean {
  if (!isRecord(wanted)) return quantityOf(wanted) === quantityOf(found);
  return (
    isRecord(found) && Object.entries(wanted).every(([name, value]) => resourcesStandIn(found[name], value))
  );
}

const factors: Readonly<Record<string, number>> = {
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

function quantityOf(value: unknown): unknown {
  const [, number, suffix] = /^(\d+(?:\.\d+)?)([A-Za-z]*)$/.exec(String(value)) ?? [];
  const factor = suffix === '' ? 1 : factors[suffix ?? ''];
  return number === undefined || factor === undefined ? (value ?? null) : Number(number) * factor;
}
