import assert from 'node:assert/strict';
import type { VerdictFilter } from '../../../../src/sources/index.js';
import { at, holdDocument, Scene, type OpenLedger } from './scene.js';

/** The verdicts that were given. */
export function describeHistory(open: OpenLedger): void {
  async function filled(): Promise<Scene> {
    const scene = new Scene(await open());
    await scene.verdict({ id: 'a', verdict: 'hold' }, at(1), 'step-1');
    await scene.verdict({ id: 'b', verdict: 'rollback', asOf: '2026-01-05T12:02:00Z' }, at(2));
    await scene.verdict({ id: 'c', verdict: 'promote', canary: 'v3' }, at(3));
    await scene.verdict({ id: 'd', model: 'churn' }, at(3));
    await scene.ledger.history.append({
      namespace: 'other',
      recordedMs: at(4),
      document: { ...holdDocument, id: 'e' },
    });
    return scene;
  }

  async function ids(scene: Scene, filter: Partial<VerdictFilter> = {}): Promise<readonly string[]> {
    const page = await scene.ledger.history.list({ limit: 100, ...filter });
    return page.records.map((record) => record.document.id);
  }

  describe('the history of verdicts', () => {
    it('lists the newest first', async () => {
      assert.deepEqual(await ids(await filled()), ['e', 'd', 'c', 'b', 'a']);
    });

    it('filters by what is given, all of it', async () => {
      const scene = await filled();
      assert.deepEqual(await ids(scene, { namespace: 'default' }), ['d', 'c', 'b', 'a']);
      assert.deepEqual(await ids(scene, { model: 'churn' }), ['d']);
      assert.deepEqual(await ids(scene, { canary: 'v3' }), ['c']);
      assert.deepEqual(await ids(scene, { verdict: 'rollback' }), ['b']);
      assert.deepEqual(await ids(scene, { sinceMs: at(2), untilMs: at(3) }), ['b']);
      assert.deepEqual(await ids(scene, { sinceMs: at(3), model: 'fraud' }), ['e', 'c']);
      assert.deepEqual(await ids(scene, { model: 'nothing' }), []);
    });

    it('goes on from page to page without losing or repeating one', async () => {
      const scene = await filled();
      const seen: string[] = [];
      let cursor: string | undefined;
      let pages = 0;
      do {
        const page = await scene.ledger.history.list({
          limit: 2,
          ...(cursor === undefined ? {} : { cursor }),
        });
        seen.push(...page.records.map((record) => record.document.id));
        cursor = page.nextCursor;
        pages++;
      } while (cursor !== undefined);
      assert.deepEqual(seen, ['e', 'd', 'c', 'b', 'a']);
      assert.equal(pages, 3);
    });

    it('has no cursor on a last page that is full', async () => {
      const page = await (await filled()).ledger.history.list({ limit: 5 });
      assert.equal(page.nextCursor, undefined);
    });

    it('refuses a cursor that is none', async () => {
      const scene = await filled();
      await assert.rejects(ids(scene, { cursor: 'nonsense' }), {
        code: 'invalid-input',
        message: /^cursor: expected the cursor of an earlier answer/,
      });
    });

    it('finds one by its id, with its step, time and whole document', async () => {
      const scene = await filled();
      assert.deepEqual(await scene.ledger.history.find('a'), {
        namespace: 'default',
        step: 'step-1',
        recordedMs: at(1),
        document: { ...holdDocument, id: 'a' },
      });
      assert.equal(await scene.ledger.history.find('z'), undefined);
    });

    it('shows the verdicts of visible models alone, in full pages, and finds no other by its id', async () => {
      const scene = await filled();
      const visible = (namespace: string, model: string) => namespace === 'default' && model === 'fraud';
      assert.deepEqual(await ids(scene, { visible }), ['c', 'b', 'a']);
      assert.deepEqual(await ids(scene, { visible, canary: 'v3' }), ['c']);
      assert.deepEqual(await ids(scene, { visible: () => false }), []);
      const page = await scene.ledger.history.list({ limit: 2, visible });
      assert.deepEqual(
        page.records.map(({ document }) => document.id),
        ['c', 'b'],
      );
      assert.deepEqual(await ids(scene, { visible, cursor: page.nextCursor ?? '' }), ['a']);
      assert.equal(await scene.ledger.history.find('e', visible), undefined);
      assert.equal((await scene.ledger.history.find('c', visible))?.document.id, 'c');
      // The same numbers in another namespace have the same id; the newest one is not the one that may be seen.
      await scene.ledger.history.append({
        namespace: 'other',
        recordedMs: at(9),
        document: { ...holdDocument, id: 'c' },
      });
      assert.equal((await scene.ledger.history.find('c'))?.namespace, 'other');
      assert.equal((await scene.ledger.history.find('c', visible))?.namespace, 'default');
    });

    it('looks for visible models behind thousands of others', async () => {
      const scene = await filled();
      await Promise.all(
        Array.from({ length: 2100 }, (_, number) =>
          scene.ledger.history.append({
            namespace: 'other',
            recordedMs: at(20) + number,
            document: { ...holdDocument, id: `other-${number}` },
          }),
        ),
      );
      const visible = (namespace: string) => namespace === 'default';
      assert.deepEqual(await ids(scene, { visible }), ['d', 'c', 'b', 'a']);
    });

    it('keeps a rollback whose names are as long as names may be, once', async () => {
      const scene = new Scene(await open());
      // Text that no database can make much shorter, three bytes for each character.
      let seed = 1;
      const character = () =>
        String.fromCharCode(0x4e00 + ((seed = (seed * 48_271) % 2_147_483_647) % 20_000));
      const long = () => Array.from({ length: 253 }, character).join('');
      const [namespace, model, canary, step] = [long(), long(), long(), long()];
      const id = 'f'.repeat(64);
      const document = { ...holdDocument, id, model, canary, verdict: 'rollback' } as const;
      for (const asked of [step, step, long()]) {
        await scene.ledger.history.append({ namespace, recordedMs: at(1), step: asked, document });
      }
      const { records } = await scene.ledger.history.list({ limit: 9, model, canary, namespace });
      assert.equal(records.length, 2);
      assert.ok(records.some((record) => record.step === step));
      assert.equal(await scene.ledger.changeMarker(namespace, model), '2');
    });

    it('keeps a document of a canary once a step, with its first time', async () => {
      const scene = await filled();
      await scene.verdict({ id: 'a', verdict: 'hold' }, at(50), 'step-1');
      await scene.verdict({ id: 'a', canary: 'v7' }, at(51));
      assert.deepEqual(await ids(scene, { canary: 'v2', namespace: 'default', model: 'fraud' }), ['b', 'a']);
      const first = await scene.ledger.history.list({
        limit: 9,
        canary: 'v2',
        verdict: 'hold',
        model: 'fraud',
      });
      assert.equal(first.records.at(-1)?.recordedMs, at(1));
      assert.equal((await scene.ledger.history.find('a'))?.document.canary, 'v7');
      await scene.verdict({ id: 'a', verdict: 'hold' }, at(52), 'step-2');
      const steps = await scene.ledger.history.list({
        limit: 9,
        canary: 'v2',
        verdict: 'hold',
        model: 'fraud',
      });
      assert.deepEqual(
        steps.records.filter(({ document }) => document.id === 'a').map(({ step }) => step),
        ['step-2', 'step-1'],
      );
    });
  });
}
