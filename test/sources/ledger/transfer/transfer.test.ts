import assert from 'node:assert/strict';
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
      ['["models",1.5,"a-secret","b",1]', /expected integer in models\.id/],
      ['["models",1,"a-secret",null,1]', /expected text in models\.name/],
      ['["labels",1,1,"a\\u0000b"]', /expected text in labels\.label/],
      ['{"end":false}', /expected a row, or the line that ends/],
    ] as const;
    for (const [line, expected] of wrong) {
      const message = await refusalOf([header, line]);
      assert.match(message, expected);
      assert.match(message, /^line 2: /);
      assert.doesNotMatch(message, /secret"/);
    }
  });
});
