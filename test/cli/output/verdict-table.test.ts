import assert from 'node:assert/strict';
import pc from 'picocolors';
import {
  formatEstimate,
  paintVerdict,
  plainTable,
  verdictTable,
} from '../../../src/cli/output/verdict-table.js';
import type { GuardrailVerdict } from '../../../src/domain/verdict.js';
import { defaultPolicy, judge } from '../../../src/judge/index.js';
import { rollout } from '../../support/rollouts.js';
import { guardrailOf } from '../../support/judging.js';
import { canaries } from '../support/observation-files.js';
import { RecordingConsole } from '../support/run-command.js';

describe('plainTable', () => {
  it('sets columns two spaces apart, without lines and trailing spaces', () => {
    assert.equal(
      plainTable(
        ['A', 'LONG HEAD'],
        [
          ['a cell', 'b'],
          ['', 'ä🚀'],
        ],
      ),
      'A       LONG HEAD\na cell  b\n        ä🚀\n',
    );
  });

  it('is the head alone without rows', () => {
    assert.equal(plainTable(['A', 'B'], []), 'A  B\n');
  });
});

describe('verdictTable', () => {
  const pipe = new RecordingConsole();
  const documents = (['promote', 'hold', 'rollback'] as const).map((name) => ({
    file: `${name}.json`,
    ...judge(defaultPolicy(), canaries[name]),
  }));

  it('has one line a document, and the guardrails of each one that is asked for', () => {
    const short = verdictTable(documents, false, pipe);
    assert.equal(short.trimEnd().split('\n').length, 4);
    const wide = verdictTable(documents, true, pipe);
    assert.equal(wide.match(/GUARDRAIL +VERDICT +ESTIMATE/g)?.length, 3);
    for (const { file, guardrails } of documents) {
      assert.ok(wide.includes(`\n${file}\n`));
      for (const { reason } of guardrails) assert.ok(wide.includes(reason));
    }
    assert.match(verdictTable(documents.slice(0, 1), false, pipe), /GUARDRAIL +VERDICT +ESTIMATE/);
  });

  it('shows a dash for what is not known', () => {
    const nothing = { file: '-', ...judge(defaultPolicy(), rollout([])) };
    const [, row = ''] = verdictTable([nothing], false, pipe).split('\n');
    assert.match(row, /^- +- +0 +hold /);
    assert.match(verdictTable([nothing], false, pipe), /^ +error-rate +hold +- +- +- +no-data$/m);
  });

  it('says the same in colours on a terminal that has any', () => {
    const painted = verdictTable(documents, true, new RecordingConsole({ isTerminal: true }));
    // The escape character is no sign that a pattern may hold literally.
    const bare = painted.replace(new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g'), '');
    assert.equal(bare, verdictTable(documents, true, pipe));
    assert.equal(painted !== bare, pc.isColorSupported);
  });

  it('paints each verdict in a colour of its own', () => {
    const colours = pc.createColors(true);
    const painted = (['promote', 'hold', 'rollback'] as const).map((verdict) =>
      paintVerdict(verdict, colours),
    );
    assert.deepEqual(painted, [colours.green('promote'), colours.yellow('hold'), colours.red('rollback')]);
  });
});

describe('formatEstimate', () => {
  const document = judge(defaultPolicy(), canaries.promote);

  it('shows an estimate in its unit', () => {
    const shown = (guardrail: GuardrailVerdict, estimate: number | null) =>
      formatEstimate({ ...guardrail, estimate });
    for (const [name, estimate, text] of [
      ['error-rate', 0.0036, '0.36 %'],
      ['latency-p99', 124.4, '124 ms'],
      ['latency-p99', 12_400, '12.4 s'],
      ['prediction-drift', 0.3104, '0.31'],
      ['business-proxy', -0.06, '-6 %'],
      ['business-proxy', 0.021, '+2.1 %'],
      ['error-rate', null, '-'],
    ] as const) {
      assert.equal(shown(guardrailOf(document, name), estimate), text);
    }
  });
});
