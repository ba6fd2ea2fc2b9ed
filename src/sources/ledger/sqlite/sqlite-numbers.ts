import { sql, type QueryExecutorProvider } from 'kysely';
import { largestNumber, numberedTables } from '../numbers-in-use.js';

/**
 * Makes the tables of names anew, so that the number of a removed row never comes back: SQLite gives out the largest one
 * and one more otherwise. They are small, whatever was counted under their names.
 */
export async function keepNumbers(db: QueryExecutorProvider): Promise<void> {
  for (const [table, columns, constraint] of rebuilt) {
    const kept = columns.map(([name]) => sql.ref(name));
    const types = columns.map(([name, type]) => sql`${sql.ref(name)} ${sql.raw(type)}`);
    await sql`
      create table remade (${sql.join(types)}, constraint ${sql.raw(constraint)})`.execute(db);
    await sql`
      insert into remade (${sql.join(kept)}) select ${sql.join(kept)} from ${sql.table(table)}`.execute(db);
    await sql`drop table ${sql.table(table)}`.execute(db);
    await sql`alter table remade rename to ${sql.table(table)}`.execute(db);
  }
  await continueNumbers(db);
}

/** Lets the numbers of names go on after the largest one that there is, or that anything refers to. */
export async function continueNumbers(db: QueryExecutorProvider): Promise<void> {
  for (const table of numberedTables) {
    await sql`delete from sqlite_sequence where name = ${table}`.execute(db);
    await sql`insert into sqlite_sequence (name, seq) values (${table}, ${largestNumber(table)})`.execute(db);
  }
}

const number = 'integer primary key autoincrement';

/** The tables as they are after the second schema, with their columns and what is unique in them. */
const rebuilt = [
  [
    'models',
    [
      ['id', number],
      ['namespace', 'text not null'],
      ['name', 'text not null'],
      ['change_marker', 'bigint not null'],
    ],
    'models_by_name unique (namespace, name)',
  ],
  [
    'versions',
    [
      ['id', number],
      ['model_id', 'integer not null'],
      ['name', 'text not null'],
      ['empty_since_ms', 'bigint'],
    ],
    'versions_by_name unique (model_id, name)',
  ],
  [
    'series',
    [
      ['id', number],
      ['model_id', 'integer not null'],
      ['role', 'text not null'],
      ['name', 'text not null'],
      ['kind', 'text not null'],
      ['empty_since_ms', 'bigint'],
    ],
    'series_by_name unique (model_id, role, name)',
  ],
] as const;
