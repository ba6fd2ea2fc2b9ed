import assert from 'node:assert/strict';
import { Notes } from '../../../../src/sources/prometheus/counting/notes.js';

describe('notes', () => {
  it('tell how often something happened, from when to when, and the first series, in whatever order they come', () => {
    const notes = new Notes();
    notes.add('scrape-gap', 2000, { pod: 'b' });
    notes.add('scrape-gap', 1000, { pod: 'a' });
    notes.add('scrape-gap', 3000, { pod: 'c' });
    assert.deepEqual(
      [...notes.list()],
      [['scrape-gap', { count: 3, firstMs: 1000, lastMs: 3000, example: { pod: 'a' } }]],
    );
  });
});
