import assert from 'node:assert/strict';
import type { VerdictDocument } from '../../../src/domain/verdict.js';
import { TestService, type TestAnswer } from '../support/test-service.js';
import { predictionLines } from '../support/traffic.js';
import { bearer, TokenFolder } from './support/token-folder.js';

type Team = 'all' | 'a' | 'b';

const policy = {
  guardrails: [{ name: 'error-rate', kind: 'error-rate', promoteBelow: '1%', rollbackAbove: '2%' }],
};

const notTheirs = {
  field: 'model',
  reason: 'expected a model that the credentials are for, got another one',
};

describe('callers that are bound to models', () => {
  const folder = new TokenFolder();
  let service: TestService;

  /** The same traffic for a model of each team, told apart by nothing but the namespace. */
  before(async () => {
    const everything = ['verdict', 'ingest', 'read'];
    const tokenOf = (team: Team, more: object) => ({
      name: team,
      files: [folder.write(team, `token-of-team-${team}-0123`)],
      scopes: everything,
      ...more,
    });
    const tokens = [
      tokenOf('all', {}),
      tokenOf('a', { namespaces: ['team-a'] }),
      tokenOf('b', { namespaces: ['team-b', 'default'], models: ['fraud', 'b-*'] }),
    ];
    const models = {
      fraud: { policy: 'default' },
      ranking: { policy: 'shared-policy' },
      'b-launch': { policy: 'b-secret-launch' },
      'team-b/b-search': { policy: 'b-search' },
      'team-a/search': { policy: 'a-search' },
    };
    const policies = Object.fromEntries(
      ['shared-policy', 'b-secret-launch', 'b-search', 'a-search', 'unused-policy'].map((name) => [
        name,
        policy,
      ]),
    );
    service = await TestService.start({ config: { access: { tokens }, models, policies } });
    for (const namespace of ['team-a', 'team-b']) {
      for (const [version, minutes] of [
        ['v1', 15],
        ['v2', 8],
      ] as const) {
        await ingest(
          'a' === namespace.at(-1) ? 'a' : 'b',
          predictionLines({ version, minutes, perMinute: 30, namespace }),
        );
      }
    }
    await ingest('all', [{ namespace: 'team-b', model: 'secret-project', version: 'v9' }]);
  });

  after(async () => {
    await service.close();
    folder.remove();
  });

  const headers = (team: Team) => bearer(`token-of-team-${team}-0123`);
  const get = (team: Team, path: string) => service.request(path, { headers: headers(team) });
  const post = (team: Team, path: string, body: unknown, more: Readonly<Record<string, string>> = {}) =>
    service.post(path, typeof body === 'string' ? body : JSON.stringify(body), { ...headers(team), ...more });

  async function ingest(team: Team, lines: readonly unknown[]): Promise<void> {
    const answer = await post(team, '/v1/predictions', lines);
    assert.deepEqual(answer.json(), { accepted: lines.length, refused: [], duplicate: false });
  }

  const question = (namespace: string) => ({ namespace, model: 'fraud', canary: 'v2', stable: 'v1' });
  const asQuery = (fields: Readonly<Record<string, string>>) => new URLSearchParams(fields).toString();

  function assertForbidden(answer: TestAnswer): void {
    assert.equal(answer.status, 403, answer.text);
    assert.equal(answer.headers.get('www-authenticate'), 'Bearer error="insufficient_scope"');
    assert.equal(
      (answer.json() as { readonly detail: string }).detail,
      'These credentials are not for this model.',
    );
  }

  describe('and ask for verdicts', () => {
    it('get them on their own models, by GET and POST', async () => {
      for (const team of ['a', 'b'] as const) {
        const own = question(`team-${team}`);
        for (const answer of [
          await post(team, '/v1/verdict', own),
          await get(team, `/v1/verdict?${asQuery(own)}`),
        ]) {
          assert.equal(answer.status, 200);
          assert.equal((answer.json() as VerdictDocument).looks, 8);
        }
      }
    });

    it('get 403 on others, whether or not there is such a model and however often it was asked', async () => {
      for (const namespace of ['team-b', 'team-c', 'default', '']) {
        const other = question(namespace);
        await post('all', '/v1/verdict', other);
        assertForbidden(await post('a', '/v1/verdict', other));
        assertForbidden(await get('a', `/v1/verdict?${asQuery(other)}`));
      }
      assertForbidden(await post('b', '/v1/verdict', { ...question('team-b'), model: 'secret-project' }));
      assertForbidden(await post('b', '/v1/verdict', { ...question('team-b'), model: 'fraud2' }));
    });

    it('get 403 on others also where the question is wrong, so that it counts for nobody', async () => {
      const labels = { model: 'fraud', reason: 'bad-argument' };
      const before = await service.metric('ml_verdict_verdicts_total', labels);
      for (const wrong of [{ nonsense: 1 }, { confidence: 'x' }, { canary: '' }, { policy: 'none' }]) {
        assertForbidden(await post('a', '/v1/verdict', { ...question('team-b'), ...wrong }));
      }
      assert.equal(await service.metric('ml_verdict_verdicts_total', labels), before);
    });

    it('get a hold where they name no model at all', async () => {
      for (const body of [{}, { model: '' }, { model: 5 }, { namespace: 'team-b' }, { model: ['fraud'] }]) {
        const answer = await post('a', '/v1/verdict', body);
        assert.equal(answer.status, 200);
        assert.equal((answer.json() as VerdictDocument).reasons[0]?.code, 'bad-argument');
      }
    });

    it('are told of no model but their own, also not from an answer to somebody else', async () => {
      const unknown = { ...question('team-b'), model: 'b-unknown' };
      const text = async (team: Team) =>
        ((await post(team, '/v1/verdict', unknown)).json() as VerdictDocument).reasons[0]?.text ?? '';
      for (const order of [
        ['all', 'b'],
        ['b', 'all'],
      ] as const) {
        for (const team of order) {
          assert.equal((await text(team)).includes('secret-project'), team === 'all', team);
          assert.ok((await text(team)).includes('"fraud"'));
        }
      }
    });

    it('cannot ask in the name of another one by a field that stands twice', async () => {
      const answer = await get(
        'a',
        '/v1/verdict?namespace=team-a&namespace=team-b&model=fraud&canary=v2&stable=v1',
      );
      assertForbidden(answer);
      const first = await get('a', '/v1/verdict?namespace=team-b&namespace=team-a&model=fraud&canary=v2');
      assert.equal((first.json() as VerdictDocument).reasons[0]?.code, 'bad-argument');
    });
  });

  describe('and name a policy that there is not', () => {
    const builtIn = ['default', 'progressive', 'plain-loop'];
    const configured = ['shared-policy', 'b-secret-launch', 'b-search', 'a-search', 'unused-policy'];
    const all = [...builtIn, ...configured];
    const told = async (team: Team, namespace: string, model = 'fraud'): Promise<readonly string[]> => {
      const asked = { ...question(namespace), model, policy: 'x' };
      const [posted, got] = [
        await post(team, '/v1/verdict', asked),
        await get(team, `/v1/verdict?${asQuery(asked)}`),
      ].map((answer) => (answer.json() as VerdictDocument).reasons[0]);
      assert.deepEqual(posted, got);
      assert.equal(posted?.code, 'unknown-policy');
      const [, list = ''] = posted.text.split('known: ');
      return [...list.matchAll(/"([^"]+)"/g)].map(([, name = '']) => name);
    };

    it('are told the built-in ones, those of their own models and that of the model which they ask about', async () => {
      // Whoever may see all asks first: what is told must not be remembered for others.
      assert.deepEqual(await told('all', 'team-a'), all);
      assert.deepEqual(await told('all', 'team-b'), all);
      assert.deepEqual(await told('a', 'team-a'), [...builtIn, 'a-search']);
      assert.deepEqual(await told('b', 'team-b'), [...builtIn, 'b-secret-launch', 'b-search']);
      assert.deepEqual(await told('a', 'team-a', 'ranking'), [...builtIn, 'shared-policy', 'a-search']);
    });

    it('are told no others when they come near to their names, nor by a plan', async () => {
      for (const name of ['b-secret-launc', 'unused-polic']) {
        const verdict = await post('a', '/v1/verdict', { ...question('team-a'), policy: name });
        assert.doesNotMatch(verdict.text, /b-secret-launch|unused-policy/);
        const plan = await post('a', '/v1/plan', { requestsPerSecond: 50, weight: 5, policy: name });
        assert.equal(plan.status, 400);
        assert.doesNotMatch(plan.text, /b-secret-launch|unused-policy/);
      }
      const near = { requestsPerSecond: 50, weight: 5, policy: 'b-secret-launc' };
      for (const team of ['b', 'all'] as const) {
        assert.match((await post(team, '/v1/plan', near)).text, /did you mean \\"b-secret-launch\\"/);
      }
    });
  });

  describe('and read', () => {
    it('see the observations of their own models alone', async () => {
      assert.equal((await get('a', `/v1/observations?${asQuery(question('team-a'))}`)).status, 200);
      for (const namespace of ['team-b', 'team-c']) {
        assertForbidden(await get('a', `/v1/observations?${asQuery(question(namespace))}`));
      }
      const unknown = asQuery({ ...question('team-b'), model: 'b-unknown' });
      const [own, every] = [
        await get('b', `/v1/observations?${unknown}`),
        await get('all', `/v1/observations?${unknown}`),
      ];
      assert.deepEqual([own.status, every.status], [404, 404]);
      assert.ok(!own.text.includes('secret-project') && every.text.includes('secret-project'));
    });

    interface Page {
      readonly verdicts: readonly {
        readonly namespace: string;
        readonly document: { readonly id: string };
      }[];
      readonly nextCursor: string | null;
    }

    it('see the history of their own models alone, in pages without holes', async () => {
      const steps = Array.from({ length: 7 }, (_, step) => step);
      for (const step of steps) {
        service.clock.nowMs += 1000;
        for (const team of ['a', 'b'] as const)
          await post(team, '/v1/verdict', { ...question(`team-${team}`), step });
      }
      const pages: Page[] = [];
      let cursor = '';
      do {
        const page = (await get('a', `/v1/verdicts?limit=3&cursor=${cursor}`)).json() as Page;
        pages.push(page);
        cursor = page.nextCursor ?? '';
      } while (cursor !== '');
      const seen = pages.flatMap(({ verdicts }) => verdicts);
      assert.ok(seen.length >= steps.length);
      assert.ok(seen.every(({ namespace }) => namespace === 'team-a'));
      assert.ok(pages.slice(0, -1).every(({ verdicts }) => verdicts.length === 3));
      const all = ((await get('all', '/v1/verdicts?limit=500')).json() as Page).verdicts;
      assert.deepEqual(
        seen,
        all.filter(({ namespace }) => namespace === 'team-a'),
      );
      assert.ok(all.length > seen.length);
      const none = (await get('a', '/v1/verdicts?namespace=team-b')).json() as Page;
      assert.deepEqual(none, { verdicts: [], nextCursor: null });
    });

    it('see a record of their own where another one has the same id, and 404 where only others have it', async () => {
      const record = (await get('a', '/v1/verdicts?limit=1')).json() as Page;
      const id = record.verdicts[0]?.document.id ?? '';
      for (const team of ['a', 'b'] as const) {
        const answer = await get(team, `/v1/verdicts/${id}`);
        assert.equal(answer.status, 200, 'the same counts in two namespaces have the same id');
        assert.equal((answer.json() as { readonly namespace: string }).namespace, `team-${team}`);
      }
      await post('a', '/v1/verdict', { ...question('team-a'), guardrail: 'error-rate' });
      const own = (await get('a', '/v1/verdicts?limit=1')).json() as Page;
      const ownId = own.verdicts[0]?.document.id ?? '';
      assert.notEqual(ownId, id);
      assert.equal((await get('a', `/v1/verdicts/${ownId}`)).status, 200);
      const [other, none] = [await get('b', `/v1/verdicts/${ownId}`), await get('b', '/v1/verdicts/nothing')];
      assert.deepEqual([other.status, none.status], [404, 404]);
      const detail = (answer: TestAnswer) => (answer.json() as { readonly detail: string }).detail;
      assert.equal(detail(other).replace(ownId, 'nothing'), detail(none));
    });
  });

  describe('and send', () => {
    const observed = async (namespace: string, model = 'fraud'): Promise<string> => {
      service.clock.nowMs += 120_000;
      const query = asQuery({ namespace, model, canary: 'v2', stable: 'v1' });
      const file = (await get('all', `/v1/observations?${query}`)).json() as { readonly looks: unknown };
      return JSON.stringify(file.looks);
    };

    it('have lines of others refused one by one, their own kept, and nothing told of what there is', async () => {
      const before = await observed('team-b');
      const count = await service.metric('ml_verdict_access_refusals_total', { reason: 'other-model' });
      const answer = await post('a', '/v1/predictions', [
        { namespace: 'team-a', model: 'fraud', version: 'v2' },
        { namespace: 'team-b', model: 'fraud', version: 'v2', error: true },
        { namespace: 'team-b', model: 'unheard-of', version: 'v2' },
        { model: 'fraud', version: 'v2' },
        { namespace: 'team-a', model: 'fraud', version: 'v2' },
      ]);
      assert.equal(answer.status, 200);
      assert.deepEqual(answer.json(), {
        accepted: 2,
        refused: [2, 3, 4].map((line) => ({ line, ...notTheirs })),
        duplicate: false,
      });
      assert.equal(await observed('team-b'), before);
      assert.equal(
        await service.metric('ml_verdict_access_refusals_total', { reason: 'other-model' }),
        count + 1,
        'once a body',
      );
    });

    it('cannot touch an outcome of others, neither by version nor by id', async () => {
      const prediction = { namespace: 'team-b', model: 'fraud', version: 'v2', id: 'order-1' };
      await ingest('b', [prediction]);
      const before = await observed('team-b');
      const refused = await post('a', '/v1/outcomes', [
        { namespace: 'team-b', model: 'fraud', id: 'order-1', value: 1 },
        { namespace: 'team-b', model: 'fraud', version: 'v2', value: 1 },
      ]);
      assert.deepEqual(refused.json(), {
        accepted: 0,
        refused: [1, 2].map((line) => ({ line, ...notTheirs })),
        duplicate: false,
      });
      // The id in a model of their own joins nothing of another one's.
      const own = await post('a', '/v1/outcomes', [
        { namespace: 'team-a', model: 'fraud', id: 'order-1', value: 1 },
      ]);
      assert.equal((own.json() as { readonly accepted: number }).accepted, 1);
      assert.equal(await observed('team-b'), before);
    });

    it('have Idempotency-Keys of their own', async () => {
      const line = (team: Team) => [{ namespace: `team-${team}`, model: 'fraud', version: 'v1' }];
      const key = { 'Idempotency-Key': 'batch-1' };
      for (const team of ['a', 'b'] as const) {
        assert.deepEqual((await post(team, '/v1/predictions', line(team), key)).json(), {
          accepted: 1,
          refused: [],
          duplicate: false,
        });
      }
      // Another one's body under the same key: no conflict, no duplicate, and not the other one's answer.
      const repeated = await post('b', '/v1/predictions', line('a'), key);
      assert.equal(repeated.status, 422);
      const unseen = await post('all', '/v1/predictions', line('a'), key);
      assert.deepEqual(unseen.json(), { accepted: 1, refused: [], duplicate: false });
      const again = await post('a', '/v1/predictions', line('a'), key);
      assert.deepEqual(again.json(), { accepted: 1, refused: [], duplicate: true });
    });

    it('do not make a model known by being refused', async () => {
      await post('a', '/v1/predictions', [{ namespace: 'team-b', model: 'b-made-up', version: 'v1' }]);
      const query = asQuery({ namespace: 'team-b', model: 'b-made-up', canary: 'v1' });
      assert.equal((await get('b', `/v1/observations?${query}`)).status, 404);
    });
  });
});
