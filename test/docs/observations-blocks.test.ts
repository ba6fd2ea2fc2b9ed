import assert from 'node:assert/strict';
import { describeFieldError } from '../../src/domain/errors.js';
import { parseObservations } from '../../src/domain/observations-file.js';
import { alertSchemaName } from '../../src/progressive/alerts/index.js';
import { edited } from '../support/edited.js';
import { errorsOf, valueOf } from '../support/value-of.js';
import { documentAt, documents } from './documents.js';

interface JsonObject {
  readonly schema?: string;
  readonly requests?: number;
}

const jsonBlocks = documents.flatMap(({ path, blocks }) =>
  blocks
    .filter(({ language }) => language === 'json')
    .map((block) => ({ where: `${path}:${block.line}`, value: JSON.parse(block.text) as JsonObject })),
);

const page = documentAt('docs/observations.md');
const complete: unknown = JSON.parse(page.blocks.find(({ language }) => language === 'json')?.text ?? '');

/** Rows such as `looks[0].canary.errors = -1`, with the message for it. */
const refusals = page.rows.flatMap(({ heading, cells: [edit = '', message = ''] }) => {
  const [, path, value] = /^`(\S+) = (.+)`$/.exec(edit) ?? [];
  if (heading !== 'What is refused' || path === undefined || value === undefined) return [];
  return [{ path, value: JSON.parse(value) as unknown, message: message.replaceAll('`', '') }];
});

describe('observations in the documents', () => {
  for (const { where, value } of jsonBlocks) {
    // An answer of which parts are left out is compared where it is given.
    // What a webhook gets is tried by alerts-page.test.ts.
    const isOther = value.schema === undefined || value.schema === alertSchemaName;
    const isFile = !isOther && !JSON.stringify(value).includes('…');
    if (isFile) {
      it(`${where} is a file`, () => {
        valueOf(parseObservations(value));
      });
    } else if (value.requests !== undefined) {
      it(`${where} is the counts of a version`, () => {
        const look = { start: '2026-01-05T10:00:00Z', end: '2026-01-05T10:01:00Z', canary: value };
        const file = {
          schema: 'ml-verdict/observations/v1',
          model: 'm',
          canary: { version: 'v2' },
          looks: [look],
        };
        valueOf(parseObservations(file));
      });
    }
  }

  it('are there', () => {
    assert.ok(jsonBlocks.some(({ value }) => value.schema !== undefined));
    assert.ok(jsonBlocks.some(({ value }) => value.requests !== undefined));
  });
});

describe('docs/observations.md', () => {
  for (const { path, value, message } of refusals) {
    it(`tells the message for ${path} = ${JSON.stringify(value)}`, () => {
      const errors = errorsOf(parseObservations(edited(complete, path, value)));
      assert.deepEqual(errors.map(describeFieldError), [message]);
    });
  }

  it('tells several messages', () => {
    assert.ok(refusals.length >= 10, String(refusals.length));
  });
});
