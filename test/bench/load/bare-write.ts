import Database from 'libsql';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { batchLines } from './ingest-rate.js';

/** Runs one statement with rows of values in a transaction of its own. */
type Write = (rows: readonly (readonly (string | number)[])[]) => Promise<void>;

const seconds = 2;
/** Rows that the counts of a batch without ids come down to: two versions, with requests and one output each. */
const countRows = 4;

const tables = [
  'create table counts (version_id integer, minute integer, bins text, requests bigint, primary key (version_id, minute))',
  'create table ids (key text primary key, version_id integer, minute integer, expires_minute integer)',
];

const statement = (withIds: boolean) =>
  withIds
    ? 'insert into ids select * from incoming on conflict do nothing'
    : 'insert into counts select * from incoming on conflict (version_id, minute) do update set requests = counts.requests + excluded.requests, bins = excluded.bins';

/** Predictions a second that would be taken if nothing were done but to write what a batch comes down to, durably. */
async function rate(write: Write, withIds: boolean): Promise<number> {
  const bins = JSON.stringify(Array.from({ length: 200 }, (_, index) => index));
  const startMs = performance.now();
  let batches = 0;
  while (performance.now() - startMs < seconds * 1000) {
    await write(
      withIds
        ? Array.from({ length: batchLines }, () => [randomBytes(16).toString('base64url'), 1, 1, 1])
        : Array.from({ length: countRows }, (_, row) => [row, 1, bins, 1]),
    );
    batches++;
  }
  return (batches * batchLines) / ((performance.now() - startMs) / 1000);
}

/** On an SQLite file, with the same durability as the ledger. */
export async function bareSqlite(withIds: boolean): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'ml-verdict-bare-'));
  const database = new Database(join(folder, 'bare.sqlite'));
  try {
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    for (const table of tables) database.exec(table);
    const values = (rows: number) => Array.from({ length: rows }, () => '(?, ?, ?, ?)').join(', ');
    const prepared = database.prepare(
      statement(withIds).replace(
        'select * from incoming',
        `values ${values(withIds ? batchLines : countRows)}`,
      ),
    );
    return await rate((rows) => Promise.resolve(void prepared.run(rows.flat())), withIds);
  } finally {
    database.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** On a PostgreSQL database, over one connection. */
export async function barePostgres(databaseUrl: string, withIds: boolean): Promise<number> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    for (const table of tables)
      await client.query(table.replace('create table', 'create table if not exists'));
    const types = withIds ? ['text', 'int', 'int', 'int'] : ['int', 'int', 'text', 'bigint'];
    const unnest = `select * from unnest(${types.map((type, index) => `$${index + 1}::${type}[]`).join(', ')})`;
    const text = statement(withIds).replace('select * from incoming', unnest);
    const columns = (rows: readonly (readonly (string | number)[])[]) =>
      types.map((_, column) => rows.map((row) => row[column]));
    return await rate(async (rows) => {
      await client.query({ name: String(withIds), text, values: columns(rows) });
    }, withIds);
  } finally {
    await client.end();
  }
}
