import assert from 'node:assert/strict';
import { z } from 'zod';
import { predictionLineSchema, outcomeLineSchema } from '../../src/ingest/index.js';
import { reasonCodes } from '../../src/domain/verdict.js';
import { routes } from '../../src/server/routes/index.js';
import { verdictArgumentsSchema } from '../../src/server/schemas/verdict-arguments.js';
import { verdictDocumentSchema } from '../../src/server/schemas/verdict-document.js';
import { verdictFilterSchema } from '../../src/server/schemas/verdict-history.js';
import { documentAt } from './documents.js';

const page = documentAt('docs/http.md');

/** The words in code spans of the first cells of the rows under a heading. */
function namesUnder(heading: string): readonly string[] {
  return page.rows
    .filter((row) => row.heading === heading)
    .flatMap(({ cells: [first = ''] }) => [...first.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name));
}

/** The text between a heading and the next one of the same rank. */
function sectionOf(heading: string): string {
  const start = page.text.indexOf(`\n## ${heading}\n`);
  assert.ok(start >= 0, heading);
  const end = page.text.indexOf('\n## ', start + 1);
  return page.text.slice(start, end < 0 ? undefined : end);
}

interface ObjectSchema {
  readonly properties?: Readonly<Record<string, ObjectSchema>>;
  readonly items?: ObjectSchema;
}

function propertiesOf(schema: z.ZodType): Readonly<Record<string, ObjectSchema>> {
  return (z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as ObjectSchema).properties ?? {};
}

describe('docs/http.md', () => {
  it('names every reason code with its meaning, and no other', () => {
    const rows = page.rows.filter(({ heading, cells }) => heading === 'Reason codes' && cells[0] !== 'code');
    assert.deepEqual(
      rows.map(({ cells: [code = '', meaning = ''] }) => [code.replaceAll('`', ''), meaning]),
      Object.entries(reasonCodes),
    );
    assert.ok(rows.every(({ cells: [, , advice = ''] }) => advice !== ''));
  });

  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    for (const [method, operation] of [
      ['GET', route.get],
      ['POST', route.post],
    ] as const) {
      if (operation === undefined) continue;
      it(`has ${method} ${path} with its statuses`, () => {
        const heading = page.headings.find((text) => text.split(', ').includes(`${method} ${path}`));
        assert.ok(heading, 'a heading');
        const section = sectionOf(heading);
        for (const status of Object.keys(operation.answers)) {
          // The pages for machines answer 200 as long as they answer.
          if (status === '200' && !path.startsWith('/v1/')) continue;
          assert.match(section, new RegExp(`\\b${status}\\b`));
        }
      });
    }
  }

  it('names every argument of a verdict, and no other', () => {
    assert.deepEqual([...namesUnder('Arguments')].sort(), Object.keys(verdictArgumentsSchema.shape).sort());
  });

  it('names every filter of the history, and no other', () => {
    const names = namesUnder('GET /v1/verdicts, GET /v1/verdicts/{id}');
    assert.deepEqual([...names].sort(), Object.keys(verdictFilterSchema.shape).sort());
  });

  for (const [heading, schema] of [
    ['POST /v1/predictions', predictionLineSchema],
    ['POST /v1/outcomes', outcomeLineSchema],
  ] as const) {
    it(`names every field of a line of ${heading}, and no other`, () => {
      assert.deepEqual([...namesUnder(heading)].sort(), Object.keys(propertiesOf(schema)).sort());
    });
  }

  it('explains every field of the verdict document', () => {
    const explained = namesUnder('The verdict document');
    const document = propertiesOf(verdictDocumentSchema);
    const ofGuardrail = document['guardrails']?.items?.properties ?? {};
    const fields = [...Object.keys(document), ...Object.keys(ofGuardrail)];
    assert.ok(fields.length > 30, String(fields.length));
    assert.deepEqual(
      fields.filter((field) => !explained.includes(field)),
      [],
    );
  });
});
