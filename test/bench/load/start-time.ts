import Database from 'libsql';
import { join } from 'node:path';
import { ServiceProcess, type ServiceOptions } from '../../support/service/service-process.js';
import { median } from './quantiles.js';

const starts = 5;

/** Milliseconds from starting the process to its first 200 of `/readyz`. */
export async function startTime(ledger: ServiceOptions['ledger']): Promise<number> {
  const times: number[] = [];
  for (let start = 0; start < starts; start++) {
    const sinceMs = performance.now();
    const service = await ServiceProcess.start({ ledger });
    times.push(performance.now() - sinceMs);
    await service.kill();
  }
  return median(times);
}

/** Fills the embedded ledger in a folder with so many ids of predictions, as a week of traffic would. */
export function fillWithIds(folder: string, rows: number, nowMs: number): void {
  const database = new Database(join(folder, 'ledger.sqlite'));
  try {
    database.pragma('synchronous = OFF');
    const expires = Math.floor(nowMs / 60_000) + 5000;
    database.exec(`
      with recursive numbers(number) as (select 1 union all select number + 1 from numbers where number < ${rows})
      insert into prediction_ids (key, version_id, minute, expires_minute)
      select printf('%022d', number), 1, ${expires} - number % 5000, ${expires} + number % 5000 from numbers`);
    database.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    database.close();
  }
}
