import type { Kysely } from 'kysely';
import { formatInstant } from '../../../domain/units.js';
import { minuteMs } from '../../looks/minutes.js';
import { longestAheadMs } from '../count-batch.js';
import type { Tables } from '../tables.js';

/**
 * Says why a question about now cannot be answered: minutes are recorded that the clock has not come to, further ahead
 * than any event is taken. It was set back since, or ran ahead before; what it takes for now is long past, and the
 * newest minutes, in which a canary may have failed, would be left out.
 */
export async function clockBehind(
  db: Kysely<Tables>,
  versionIds: readonly number[],
  nowMs: number,
): Promise<string | undefined> {
  const latestMinute = Math.floor((nowMs + longestAheadMs) / minuteMs);
  const ahead = await db
    .selectFrom('minute_counts')
    .select('minute')
    .where('version_id', 'in', versionIds)
    .where('minute', '>', latestMinute)
    .orderBy('minute', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (ahead === undefined) return undefined;
  const recorded = formatInstant(ahead.minute * minuteMs);
  return `the clock of the service says ${formatInstant(nowMs)}, and the ledger has minutes up to ${recorded}: set the clock right`;
}
