import assert from 'node:assert/strict';
import { SharedAnswers } from '../../../src/server/verdict/shared-answers.js';

describe('SharedAnswers', () => {
  const keep = (value: string) => () => Promise.resolve({ value, keep: true });

  it('asks a question that is under way once', async () => {
    const answers = new SharedAnswers<string>(10);
    let asked = 0;
    const slow = async () => {
      asked++;
      await Promise.resolve();
      return { value: 'a', keep: false };
    };
    const origins = (
      await Promise.all([answers.get('q', slow), answers.get('q', slow), answers.get('q', slow)])
    ).map(({ from }) => from);
    assert.deepEqual(origins, ['evaluated', 'shared', 'shared']);
    assert.equal(asked, 1);
  });

  it('keeps what may be kept', async () => {
    const answers = new SharedAnswers<string>(10);
    await answers.get('kept', keep('a'));
    assert.deepEqual(await answers.get('kept', keep('b')), { value: 'a', from: 'cached' });
    await answers.get('not', () => Promise.resolve({ value: 'a', keep: false }));
    assert.deepEqual(await answers.get('not', keep('b')), { value: 'b', from: 'evaluated' });
  });

  it('forgets what was asked for longest ago', async () => {
    const answers = new SharedAnswers<string>(2);
    await answers.get('a', keep('1'));
    await answers.get('b', keep('1'));
    await answers.get('a', keep('2'));
    await answers.get('c', keep('1'));
    assert.equal((await answers.get('a', keep('3'))).value, '1');
    assert.equal((await answers.get('b', keep('3'))).value, '3');
  });

  it('passes a failure on to all who share it, and asks again the next time', async () => {
    const answers = new SharedAnswers<string>(10);
    const failing = () => Promise.reject(new Error('down'));
    const settled = await Promise.allSettled([answers.get('q', failing), answers.get('q', failing)]);
    assert.deepEqual(
      settled.map(({ status }) => status),
      ['rejected', 'rejected'],
    );
    assert.equal((await answers.get('q', keep('a'))).value, 'a');
  });
});
