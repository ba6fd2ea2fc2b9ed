import type { AskDatabase } from '../../faults/stored-minutes.js';
import type { VersionTally } from './version-tally.js';

const sums = `
  select models.namespace as namespace, versions.name as version,
    sum(minute_counts.requests) as requests, sum(minute_counts.errors) as errors,
    (select coalesce(sum(outcome_counts.count), 0) from outcome_counts
      where outcome_counts.version_id = versions.id) as outcomes
  from minute_counts
  join versions on versions.id = minute_counts.version_id
  join models on models.id = versions.model_id
  group by versions.id`;

const minutes = `
  select minute_counts.minute as minute, sum(minute_counts.requests) as requests
  from minute_counts
  join versions on versions.id = minute_counts.version_id
  join models on models.id = versions.model_id
  where models.namespace = `;

/** What a ledger has counted of the versions of a namespace: the same as {@link VersionTally} of who sent it. */
export async function ledgerTallies(
  ask: AskDatabase,
  namespace: string,
): Promise<ReadonlyMap<string, VersionTally>> {
  const rows = (await ask(sums)).filter((row) => row['namespace'] === namespace);
  return new Map(
    rows.map((row) => [
      String(row['version']),
      {
        requests: Number(row['requests']),
        errors: Number(row['errors']),
        outcomes: Number(row['outcomes']),
      },
    ]),
  );
}

/** Requests of all versions of a namespace by minute, without the first and the last one, which may not be whole. */
export async function wholeMinutes(ask: AskDatabase, namespace: string): Promise<readonly number[]> {
  const rows = await ask(`${minutes}'${namespace}' group by minute_counts.minute order by minute`);
  return rows.slice(1, -1).map((row) => Number(row['requests']));
}
