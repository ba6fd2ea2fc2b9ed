import assert from 'node:assert/strict';
import { keepLogs } from '../../../support/prometheus/keep-logs.js';
import { readRepositoryFile, writeGenerated } from '../../../support/pages/repository-files.js';
import { contract } from './contract/index.js';
import { facts } from './facts.js';
import { compatibilityPage, pagePath, type Seen } from './page.js';
import { releases } from './releases.js';
import { rolloutCases } from './rollouts/rollout-cases.js';
import { Trial } from './trial.js';

/** Building a release, where that has not been done before. */
const buildMs = 3_000_000;

/** Set: the page is written anew. Absent: it has to say what is seen. */
const isWritten = process.env['WRITE_PAGE'] !== undefined;

const all: Seen[] = [];

for (const release of releases) {
  describe(`Argo Rollouts ${release.version}`, function () {
    this.timeout(240_000);
    let trial: Trial;
    const kept = new Set<string>();
    const outcomes = new Map<string, string>();
    keepLogs(() => trial.processes);

    before(async function () {
      this.timeout(buildMs);
      trial = await Trial.start(release);
      all.push({ release, kept, outcomes });
    });
    after(() => trial.stop());

    for (const one of contract) {
      it(`${one.template}: ${one.answers}`, async () => {
        await trial.keeps(one);
        kept.add(one.name);
      });
    }

    for (const one of rolloutCases) {
      it(`a Rollout: ${one.answers}`, async () => {
        await trial.plays(one);
        kept.add(one.name);
      });
    }

    for (const fact of facts) {
      it(`makes something of ${fact.answer}`, async () => {
        outcomes.set(fact.name, await trial.outcomeOf(fact));
      });
    }
  });
}

describe(pagePath, () => {
  it('says what was seen', async () => {
    const page = await compatibilityPage(all);
    if (isWritten) writeGenerated(new Map([[pagePath, page]]));
    assert.ok(
      readRepositoryFile(pagePath) === page,
      `${pagePath} is out of date: run npm run test:argo:compat:page and look at what changed`,
    );
  });
});
