import assert from 'node:assert/strict';
import { InvalidArgumentError } from 'commander';
import { parse, parseAllDocuments } from 'yaml';
import { formatDocuments, outputFormats, parseOutputFormat } from '../../../src/cli/output/format.js';

describe('output formats', () => {
  const documents = [{ name: 'a\nb', list: [1, null] }, { name: '---' }];

  it('are known by their names alone', () => {
    for (const format of outputFormats) assert.equal(parseOutputFormat(format), format);
    for (const wrong of ['', 'JSON', 'xml', 'toString']) {
      assert.throws(() => parseOutputFormat(wrong), InvalidArgumentError);
    }
  });

  it('json is one object, or an array of several', () => {
    assert.deepEqual(JSON.parse(formatDocuments(documents.slice(0, 1), 'json')), documents[0]);
    assert.deepEqual(JSON.parse(formatDocuments(documents, 'json')), documents);
  });

  it('ndjson is one document a line, whatever is in it', () => {
    const lines = formatDocuments(documents, 'ndjson').split('\n');
    assert.equal(lines.pop(), '');
    assert.deepEqual(
      lines.map((line) => JSON.parse(line) as unknown),
      documents,
    );
    assert.equal(formatDocuments([], 'ndjson'), '');
  });

  it('yaml is one document, or several', () => {
    assert.deepEqual(parse(formatDocuments(documents.slice(0, 1), 'yaml')), documents[0]);
    const read = parseAllDocuments(formatDocuments(documents, 'yaml'));
    assert.deepEqual(
      read.map((document) => document.toJS() as unknown),
      documents,
    );
  });
});
