import assert from 'node:assert/strict';
import { joinKey, joinKeyText } from '../../../src/sources/ledger/join-key.js';
import { KeyedRows } from '../../../src/sources/ledger/keyed-rows.js';

describe('keyed rows', () => {
  it('give every row back, in order, in pieces', () => {
    const rows = new KeyedRows(2);
    const keys = Array.from({ length: 10_000 }, (_, index) => joinKey('default', 'fraud', String(index)));
    keys.forEach((key, index) => {
      rows.push(key, [index, -index / 2]);
    });
    const chunks = [...rows.chunks(300)];
    assert.ok(chunks.every((chunk) => chunk.length <= 300));
    assert.deepEqual(
      chunks.flat(),
      keys.map((key, index) => ({ key: joinKeyText(key), numbers: [index, -index / 2] })),
    );
    assert.equal(rows.length, 10_000);
  });

  it('take little memory for one row, and in blocks of bounded size for many', () => {
    const rows = new KeyedRows(4);
    assert.deepEqual([rows.length, rows.bytes], [0, 0]);
    const key = joinKey('default', 'fraud', 'r');
    rows.push(key, [1, 2, 3, 4]);
    assert.deepEqual([rows.length, rows.bytes], [1, 16 * 48]);
    for (let row = 1; row < 100_000; row++) rows.push(key, [row, 0, 0, 0]);
    assert.ok(rows.bytes <= (100_000 + 4096) * 48, String(rows.bytes));
  });

  it('are empty at first', () => {
    assert.deepEqual([...new KeyedRows(1).chunks(10)], []);
  });
});

describe('join keys', () => {
  it('differ by namespace, model and id, and do not hold the id', () => {
    const texts = [
      joinKey('a', 'b', 'c'),
      joinKey('a', 'bc', ''),
      joinKey('ab', '', 'c'),
      joinKey('a', 'b', 'd'),
    ].map(joinKeyText);
    assert.equal(new Set(texts).size, 4);
    assert.ok(texts.every((text) => text.length === 22));
    assert.ok(!joinKeyText(joinKey('a', 'b', 'customer-17')).includes('customer'));
  });
});
