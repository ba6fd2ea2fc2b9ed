import assert from 'node:assert/strict';
import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'libsql';
import { openLedger } from '../../../../src/sources/index.js';
import { removeTemporaryFolders, temporaryFolder } from '../temporary-folder.js';
import { noonMs, Scene } from '../conformance/scene.js';
import { answersOf, exported, fill, goOn, imported } from './filled-ledger.js';

describe('the transfer of a ledger', () => {
  let folder: string;
  let lines: readonly string[];
  let answers: unknown;

  before(async () => {
    folder = await temporaryFolder();
    const ledger = await openLedger(folder);
    await fill(ledger);
    answers = await answersOf(ledger);
    // While the ledger is open and in use.
    lines = await exported(folder);
    await ledger.close();
  });

  after(removeTemporaryFolders);

  /** What is wrong with lines; nothing of them may have been kept. */
  async function refusalOf(given: readonly string[]): Promise<string> {
    const target = await temporaryFolder();
    let message = '';
    await assert.rejects(imported(target, given), (error: Error & { code?: string }) => {
      assert.equal(error.code, 'invalid-input');
      message = error.message;
      return true;
    });
    assert.equal((await exported(target)).length, 2);
    return message;
  }

  it('gives every verdict as before, and goes on from there', async () => {
    const target = await temporaryFolder();
    assert.equal(await imported(target, lines), lines.length - 2);
    const ledger = await openLedger(target);
    assert.deepEqual(await answersOf(ledger), answers);
    await goOn(ledger);
    await ledger.close();
  });

  it('is the same again after a round', async () => {
    const target = await temporaryFolder();
    await imported(target, lines);
    assert.deepEqual(await exported(target), lines);
  });

  it('holds neither ids nor anything else that was not kept', () => {
    assert.doesNotMatch(lines.join('\n'), /nobody|"0-0"/);
  });

  it('is refused by a ledger that has anything in it, which stays as it is', async () => {
    const target = await temporaryFolder();
    const ledger = await openLedger(target);
    await new Scene(ledger).serve([{ version: 'v9', minute: 0 }], noonMs);
    await ledger.close();
    const before = await exported(target);
    await assert.rejects(imported(target, lines), { code: 'conflict', message: /the ledger is not empty/ });
    assert.deepEqual(await exported(target), before);
  });

  it('is refused wherever it breaks off, and nothing of it is kept', async () => {
    assert.match(await refusalOf([]), /expected an export of a ledger, got nothing/);
    for (const length of [1, 5, lines.length - 1]) {
      const message = await refusalOf(lines.slice(0, length));
      assert.match(message, new RegExp(`not whole: it breaks off after line ${length}`));
    }
    const missing = [...lines.slice(0, 7), ...lines.slice(8)];
    assert.match(await refusalOf(missing), /^line \d+: the export is not whole: it has \d+ rows of \w+/);
    assert.match(await refusalOf([...lines, lines[1] ?? '']), /expected nothing behind the line that ends/);
    const half = [...lines.slice(0, 4), (lines[4] ?? '').slice(0, 9)];
    assert.match(await refusalOf(half), /^line 5: expected one line of JSON/);
  });

  it('is refused where it is something else, with the line and without its values', async () => {
    const header = lines[0] ?? '';
    assert.match(
      await refusalOf(['model,version']),
      /^line 1: expected an export of a ledger, got something/,
    );
    assert.match(await refusalOf(['{"model":"x"}']), /^line 1: expected an export of a ledger, which begins/);
    const newer = header.replace('ml-verdict/ledger/v1', 'ml-verdict/ledger/v9');
    assert.match(await refusalOf([newer]), /another version of ml-verdict/);
    assert.match(await refusalOf([header.replace('change_marker', 'marker')]), /the tables and columns/);
    const wrong = [
      ['["secrets",1]', /expected a row of one of the tables/],
      ['["models",1,"a-secret"]', /expected 4 values in a row of models, got 2/],
      ['["models",1.5,"a-secret","b",1]', /expected the number of a name in models\.id/],
      ['["models",1,"a-secret",null,1]', /expected a text in models\.name/],
      ['["labels",1,1,"a\\u0000b"]', /expected a text in labels\.label/],
      ['{"end":false}', /expected a row, or the line that ends/],
    ] as const;
    for (const [line, expected] of wrong) {
      const message = await refusalOf([header, line]);
      assert.match(message, expected);
      assert.match(message, /^line 2: /);
      assert.doesNotMatch(message, /secret"/);
    }
  });

  it('is refused where a value could not be read later, with its line and column', async () => {
    const minute = (version: number, at: number, rest: string) =>
      `["minute_counts",${version},${at},${rest}]`;
    const predicted = (bins: string) => `["prediction_counts",1,1,9,${JSON.stringify(bins)}]`;
    const wrong = [
      [minute(1, 9, '10,0,"garbage"'), /counts by latency or null in minute_counts\.latency/],
      [minute(1, 9, '10,0,"[0,1,99,1]"'), /counts by latency or null in minute_counts\.latency/],
      [minute(1, 9, '-10,0,null'), /a count in minute_counts\.requests/],
      [minute(1, 9, '10,50,null'), /at most as many errors as requests/],
      [minute(1, 99_999_999_999, '10,0,null'), /a minute in minute_counts\.minute/],
      [minute(-1, 9, '10,0,null'), /the number of a name in minute_counts\.version_id/],
      ...['nope', '{}', '[1]', '[1,-1]', '[2,1,1,1]', '[0.5,1]', '[-9999,1]'].map(
        (bins) => [predicted(bins), /counts by bin in prediction_counts\.bins/] as const,
      ),
      ['["series",1,1,"prediction","a-secret","banana",null]', /the kind of a series in series\.kind/],
      ['["series",1,1,"banana","a-secret","sums",null]', /the role of a series in series\.role/],
      ['["series",1,1,"outcome","a-secret","labels",null]', /the kind "sums" for outcomes/],
      ['["outcome_counts",1,1,9,1,1e999,1]', /a number in outcome_counts\.sum/],
      ['["prediction_ids","a-secret",1,9,9]', /the hash of an id in prediction_ids\.key/],
      [`["pending_outcomes",1,"${'a'.repeat(22)}",1,1,1,null,9]`, /both or neither of version_id and minute/],
      ['["idempotency_keys","k","h","a",1e20]', /an instant in idempotency_keys\.expires_ms/],
      ['["verdicts",1,"i","n","m","c","hold",null,1,"","{}"]', /the document of a verdict in verdicts/],
    ] as const;
    for (const [line, expected] of wrong) {
      const message = await refusalOf([lines[0] ?? '', line]);
      assert.match(message, expected, line);
      assert.match(message, /^line 2: /);
      assert.doesNotMatch(message, /secret|banana|garbage/);
    }
  });

  it('is refused where a row comes twice, with the line of the second', async () => {
    const header = lines[0] ?? '';
    const id = (key: string) => `["prediction_ids","${key.repeat(22)}",1,9,9]`;
    const wrong = [
      [
        ['["models",1,"n","a",1]', '["models",1,"n","b",1]'],
        /^line 3: .*models in the order of id, each once/,
      ],
      [
        ['["models",2,"n","a",1]', '["models",1,"n","b",1]'],
        /^line 3: .*models in the order of id, each once/,
      ],
      [
        ['["labels",1,2,"a"]', '["labels",2,1,"a"]', '["labels",2,1,"b"]'],
        /^line 4: .*labels in the order of series_id, number/,
      ],
      [['["models",1,"n","a",1]', '["models",2,"n","a",1]'], /^line 3: expected each row of models once/],
      [['["versions",1,1,"a",null]', '["versions",2,1,"a",null]'], /^line 3: expected each row of versions/],
      [[id('a'), id('b'), id('a'), id('c')], /^line 4: expected each row of prediction_ids once/],
      [
        [...Array.from({ length: 600 }, (_, row) => `["labels",1,${row},"${row}"]`), '["labels",1,600,"7"]'],
        /^line 602: expected each row of labels once/,
      ],
    ] as const;
    for (const [rows, expected] of wrong) {
      assert.match(await refusalOf([header, ...rows, endOf(header, rows)]), expected);
    }
  });

  it('is given by a ledger that is there alone, and leaves it as it is', async () => {
    const empty = await temporaryFolder();
    await assert.rejects(exported(empty), { code: 'not-found', message: /^there is no ledger in / });
    assert.deepEqual(await readdir(empty), []);
    const file = join(empty, 'ledger.sqlite');
    await writeFile(file, '');
    await assert.rejects(exported(empty), { code: 'not-found', message: /it has no tables of one/ });
    assert.equal((await stat(file)).size, 0);
  });

  it('is not given by a ledger of another version, which stays as it is', async () => {
    for (const [statement, expected] of [
      [
        "delete from kysely_migration where name like '0003%'",
        /written by an older version .*0003-.*start the service/,
      ],
      ["insert into kysely_migration values ('0099-x', 'now')", /written by a newer version .*0099-x/],
    ] as const) {
      const folder = await temporaryFolder();
      await (await openLedger(folder)).close();
      const database = new Database(join(folder, 'ledger.sqlite'));
      database.exec(statement);
      const state = () => database.prepare('select name from kysely_migration').all();
      const before = state();
      await assert.rejects(exported(folder), { code: 'invalid-config', message: expected });
      assert.deepEqual(state(), before);
      database.close();
    }
  });
});

/** The line that ends an export of these rows. */
function endOf(header: string, rows: readonly string[]): string {
  const { tables } = JSON.parse(header) as { readonly tables: Readonly<Record<string, unknown>> };
  const count = (table: string) => rows.filter((row) => row.startsWith(`["${table}"`)).length;
  const counts = Object.fromEntries(Object.keys(tables).map((table) => [table, count(table)]));
  return JSON.stringify({ end: true, rows: counts });
}
