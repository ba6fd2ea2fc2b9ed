import assert from 'node:assert/strict';
import { parseAllDocuments } from 'yaml';
import { defaultPolicy, judge } from '../../src/judge/index.js';
import type { Verdict } from '../../src/domain/verdict.js';
import { canaries, fileOf, FileFolder } from './support/observation-files.js';
import { documentsOf, runCommand, type FiledDocument } from './support/run-command.js';

describe('judge', () => {
  const folder = new FileFolder();
  const files = folder.writeCanaries();
  const missing = folder.at('missing.json');

  after(() => {
    folder.remove();
  });

  /** The document of a canary as `judge` prints it. */
  function filed(verdict: Verdict): FiledDocument {
    return { file: files[verdict], ...judge(defaultPolicy(), canaries[verdict]) };
  }

  it('judges each of its sample files to the verdict in its name', async () => {
    for (const [name, file] of Object.entries(files)) {
      const { out } = await runCommand(['judge', '-o', 'json', file]);
      assert.equal((JSON.parse(out) as FiledDocument).verdict, name);
    }
  });

  it('prints one document a line with ndjson, in the order of the files, each with its file first', async () => {
    const order = ['hold', 'rollback', 'promote', 'hold'] as const;
    const { out, err, status } = await runCommand([
      'judge',
      '-o',
      'ndjson',
      ...order.map((name) => files[name]),
    ]);
    assert.deepEqual(documentsOf(out), order.map(filed));
    for (const line of out.trimEnd().split('\n')) assert.match(line, /^\{"file":"/);
    assert.equal(err, '');
    assert.equal(status, 1);
  });

  it('prints one file as a JSON object, several as an array', async () => {
    const one = await runCommand(['judge', '-o', 'json', files.promote]);
    assert.deepEqual(JSON.parse(one.out), filed('promote'));
    const two = await runCommand(['judge', '--output', 'json', files.promote, files.hold]);
    assert.deepEqual(JSON.parse(two.out), [filed('promote'), filed('hold')]);
  });

  it('prints YAML, one document a file', async () => {
    const { out } = await runCommand(['judge', '-o', 'yaml', files.promote, files.rollback]);
    const documents = parseAllDocuments(out).map((document) => document.toJS() as unknown);
    assert.deepEqual(documents, [filed('promote'), filed('rollback')]);
  });

  it('prints a table of several files, one line each', async () => {
    const { out, status } = await runCommand(['judge', files.promote, files.hold]);
    const [head, ...rows] = out.trimEnd().split('\n');
    assert.match(head ?? '', /^FILE +AS OF +LOOKS +VERDICT +WHY$/);
    assert.equal(rows.length, 2);
    for (const [index, name] of (['promote', 'hold'] as const).entries()) {
      const { asOf, looks, measurement } = filed(name);
      const row = rows[index] ?? '';
      assert.deepEqual(row.split(/ {2,}/), [files[name], asOf, String(looks), name, measurement[2]]);
    }
    assert.equal(status, 2);
  });

  it('adds the guardrails of a single file, and of every file with wide', async () => {
    const one = await runCommand(['judge', files.rollback]);
    const wide = await runCommand(['judge', '-o', 'wide', files.rollback, files.promote]);
    for (const guardrail of filed('rollback').guardrails) {
      for (const { out } of [one, wide]) {
        assert.match(
          out,
          new RegExp(`^ +${guardrail.name} +${guardrail.verdict} .*${guardrail.reasonCode}$`, 'm'),
        );
        assert.ok(out.includes(`${guardrail.name}: ${guardrail.reason}\n`));
      }
    }
    assert.match(wide.out, /^FILE .*TABLE ALONE +STAGE +POLICY +WHY$/m);
    assert.ok(filed('promote').guardrails.every(({ reason }) => wide.out.includes(reason)));
  });

  it('prints no control sequences where it does not write to a terminal', async () => {
    const { out } = await runCommand(['judge', '-o', 'wide', ...Object.values(files)]);
    assert.doesNotMatch(out, /\u001b/);
  });

  it('ends with 3 if any file was refused, else 1 if any verdict is rollback, else 2 if any is hold, else 0', async () => {
    const given = { promote: files.promote, hold: files.hold, rollback: files.rollback, refused: missing };
    const names = Object.keys(given) as (keyof typeof given)[];
    for (let chosen = 1; chosen < 2 ** names.length; chosen++) {
      const some = names.filter((_, index) => (chosen & (2 ** index)) !== 0);
      const expected = some.includes('refused')
        ? 3
        : some.includes('rollback')
          ? 1
          : some.includes('hold')
            ? 2
            : 0;
      const { status, out } = await runCommand(['judge', '-o', 'ndjson', ...some.map((name) => given[name])]);
      assert.equal(status, expected, some.join(' + '));
      const judged = some.filter((name) => name !== 'refused');
      assert.deepEqual(
        documentsOf(out).map(({ verdict }) => verdict),
        judged,
      );
    }
  });

  it('prints nothing but messages where every file is refused', async () => {
    for (const format of ['table', 'wide', 'json', 'ndjson', 'yaml']) {
      const { out, status } = await runCommand(['judge', '-o', format, missing, folder.path]);
      assert.deepEqual({ out, status }, { out: '', status: 3 });
    }
  });

  it('asks for one guardrail alone', async () => {
    const { out, status } = await runCommand(['judge', '-o', 'json', '-g', 'latency-p99', files.rollback]);
    const document = JSON.parse(out) as FiledDocument;
    assert.equal(document.guardrail, 'latency-p99');
    assert.deepEqual(
      document.guardrails.map(({ name }) => name),
      ['latency-p99'],
    );
    assert.deepEqual([document.verdict, status], ['promote', 0]);
  });

  it('keeps the promote of one guardrail back for the others with --promote-with all', async () => {
    const alone = ['judge', '-o', 'json', '-g', 'latency-p99', files.rollback];
    const { out, status } = await runCommand([...alone, '--promote-with', 'all']);
    const document = JSON.parse(out) as FiledDocument;
    assert.deepEqual(
      [document.verdict, document.reasons[0]?.code, status],
      ['hold', 'waiting-for-others', 2],
    );
    const self = await runCommand([...alone, '--promote-with', 'self']);
    assert.equal((JSON.parse(self.out) as FiledDocument).verdict, 'promote');
    const wrong = await runCommand([...alone, '--promote-with', 'none']);
    assert.deepEqual(
      [wrong.status, wrong.err],
      [3, 'ml-verdict: --promote-with: expected self or all, got "none"\n'],
    );
  });

  it('compares the split with --weight, a percentage as in setWeight', async () => {
    for (const weight of ['10', '10%', ' 10 % ']) {
      const { out } = await runCommand(['judge', '-o', 'json', '--weight', weight, files.promote]);
      const document = JSON.parse(out) as FiledDocument;
      assert.deepEqual([document.verdict, document.sampleRatio?.configured], ['promote', 0.1]);
    }
    const { out, status } = await runCommand(['judge', '-o', 'json', '--weight', '50', files.promote]);
    const document = JSON.parse(out) as FiledDocument;
    assert.deepEqual([document.verdict, document.reasons[0]?.code, status], ['hold', 'sample-ratio', 2]);
    for (const weight of ['-1', '101', 'half', '', '10%%']) {
      const wrong = await runCommand(['judge', `--weight=${weight}`, files.promote]);
      assert.equal(wrong.status, 3);
      assert.match(wrong.err, /^ml-verdict: --weight: expected a percentage from 0 to 100 .*\n$/);
      assert.ok(wrong.err.includes(JSON.stringify(weight)));
    }
  });

  it('gives no guarantee with --mode threshold', async () => {
    const { out, status } = await runCommand(['judge', '-o', 'json', '--mode', 'threshold', files.rollback]);
    const document = JSON.parse(out) as FiledDocument;
    assert.deepEqual(
      [document.mode, document.verdict, document.guarantee, status],
      ['threshold', 'rollback', 'none', 1],
    );
    for (const guardrail of document.guardrails) {
      assert.deepEqual(
        [guardrail.verdict, guardrail.guarantee, guardrail.interval],
        [guardrail.literalVerdict, 'none', null],
      );
    }
    const wrong = await runCommand(['judge', '--mode', 'thresholds', files.rollback]);
    assert.equal(wrong.status, 3);
    assert.match(wrong.err, /^ml-verdict: mode: expected "evidence" or "threshold", got "thresholds"\n$/);
  });

  it('promotes sooner with a lower confidence', async () => {
    const observed = { ...fileOf('promote'), looks: fileOf('promote').looks.slice(0, 5) };
    const file = folder.write('early.json', observed);
    const needed = new Map<string, number | undefined>();
    for (const confidence of ['0.8', '95%']) {
      const { out } = await runCommand(['judge', '-o', 'json', '--confidence', confidence, file]);
      needed.set(confidence, (JSON.parse(out) as FiledDocument).guardrails[0]?.evidence.promoteNeeded);
    }
    assert.ok(Math.abs((needed.get('0.8') ?? 0) - Math.log(5)) < 1e-12);
    assert.ok(Math.abs((needed.get('95%') ?? 0) - Math.log(20)) < 1e-12);
    const wrong = await runCommand(['judge', '--confidence', '1', file]);
    assert.equal(wrong.status, 3);
    assert.match(wrong.err, /^ml-verdict: confidence: expected a confidence of at least 0.5 and below 1/);
  });

  it('says the same twice', async () => {
    const once = await runCommand(['judge', '-o', 'ndjson', ...Object.values(files)]);
    assert.deepEqual(await runCommand(['judge', '-o', 'ndjson', ...Object.values(files)]), once);
  });
});
