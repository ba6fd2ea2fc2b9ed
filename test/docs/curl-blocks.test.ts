import assert from 'node:assert/strict';
import { readCurl } from './curl-request.js';
import { documents, type MarkdownDocument } from './documents.js';
import { startFreshService, type FreshService } from './fresh-service.js';
import type { Block } from './markdown.js';
import { differences } from './sample.js';
import { readShell } from './shell-commands.js';

/** A block of curl commands, and the JSON block under it that shows the answer to the last of them. */
interface Example {
  readonly commands: Block;
  readonly answer: Block | undefined;
}

/** Its service reads a Prometheus: test/conformance/prometheus/guide.suite.ts goes through it. */
const triedElsewhere: readonly string[] = ['docs/guides/prometheus.md'];

const tried = documents.filter(
  (document) => !triedElsewhere.includes(document.path) && examplesOf(document).length > 0,
);

/** The demo's own documents ask the service of `demo --serve`, which has other data and another port. */
function examplesOf({ blocks }: MarkdownDocument): readonly Example[] {
  return blocks.flatMap((block, index) => {
    const isCurl =
      block.language === 'sh' && /^curl /m.test(block.text) && block.text.includes('localhost:8080');
    if (!isCurl) return [];
    const next = blocks[index + 1];
    const answer = next?.language === 'json' && next.heading === block.heading ? next : undefined;
    return [{ commands: block, answer }];
  });
}

describe('curl examples of the documents', () => {
  for (const document of tried) {
    describe(document.path, () => {
      let service: FreshService;
      before(async () => {
        service = await startFreshService();
      });
      after(() => service.close());

      // In their order and on one service that was fresh at the first: as a reader would go through them.
      for (const { commands, answer } of examplesOf(document)) {
        it(`line ${commands.line}${answer === undefined ? '' : ' is answered as shown'}`, async () => {
          let last: { readonly status: number; readonly text: string } | undefined;
          for (const command of readShell(commands.text)) {
            if (last !== undefined) assertAnswered(last);
            const { url, ...request } = readCurl(command, service.address);
            const response = await fetch(url, request);
            last = { status: response.status, text: await response.text() };
          }
          assert.ok(last);
          if (answer === undefined) {
            assertAnswered(last);
            return;
          }
          const shown: unknown = JSON.parse(answer.text);
          const really: unknown = JSON.parse(last.text);
          assert.deepEqual(differences(shown, really), [], last.text);
          assert.equal(last.status, statusIn(really), last.text);
        });
      }
    });
  }

  it('are there', () => {
    assert.deepEqual(
      tried.map(({ path }) => path),
      ['README.md', 'docs/http.md'],
    );
  });
});

/** Problem details tell their own status; everything else is shown as an answer of 200. */
function statusIn(answer: unknown): unknown {
  const isProblem = typeof answer === 'object' && answer !== null && 'type' in answer && 'status' in answer;
  return isProblem ? answer.status : 200;
}

function assertAnswered({ status, text }: { readonly status: number; readonly text: string }): void {
  assert.equal(status, 200, text);
}
