import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import semver from 'semver';
import {
  engineViolations,
  licenceViolations,
  oldestNode,
  pinViolations,
  rangeViolations,
  type LockedPackages,
} from './lock-file-rules.js';
import { repository } from './source-files.js';

const read = (name: string): unknown => JSON.parse(readFileSync(join(repository, name), 'utf8'));
const { packages } = read('package-lock.json') as { readonly packages: LockedPackages };
const project = read('package.json') as {
  readonly engines: { readonly node: string };
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
};

describe('lock file', () => {
  it('is one, with packages', () => {
    assert.ok(Object.keys(packages).length > 100);
  });

  it('has no runtime package that the oldest Node cannot run', () => {
    assert.deepEqual(engineViolations(packages), []);
  });

  it('has no runtime package with a licence that does not go with Apache-2.0', () => {
    assert.deepEqual(licenceViolations(packages), []);
  });

  it('pins every package to a version and a checksum, and names no host', () => {
    assert.deepEqual(pinViolations(packages), []);
  });
});

describe('package.json', () => {
  it('asks for exact versions', () => {
    assert.deepEqual(rangeViolations({ ...project.dependencies, ...project.devDependencies }), []);
  });

  it('says of itself that the oldest Node will do, and not an older one', () => {
    assert.ok(semver.satisfies(oldestNode, project.engines.node));
    assert.ok(!semver.satisfies('20.18.3', project.engines.node));
  });
});

// The rules themselves: each finds what it is there for.
describe('lock file rules', () => {
  const good = { version: '1.2.3', integrity: 'sha512-x', license: 'MIT', engines: { node: '>=18' } };
  const one = (entry: Readonly<Record<string, unknown>>): LockedPackages => ({
    '': { version: '0.1.0' },
    'node_modules/good': good,
    'node_modules/one': { ...good, ...entry },
  });

  it('find an engine that excludes the oldest Node, in runtime packages', () => {
    for (const node of ['>=22', '^18 || >=20.20', '>=20.19.1']) {
      assert.deepEqual(engineViolations(one({ engines: { node } })), [`node_modules/one needs node ${node}`]);
    }
    assert.deepEqual(engineViolations(one({ engines: { node: '>=22' }, dev: true })), []);
    assert.deepEqual(engineViolations(one({ engines: { node: '^20.19.0 || >=22.12.0' } })), []);
    assert.deepEqual(engineViolations(one({ engines: { npm: '>=9' } })), []);
    assert.deepEqual(engineViolations(one({ engines: undefined })), []);
    assert.deepEqual(engineViolations(one({ engines: ['node >= 0.6'] })), []);
  });

  it('find a licence that is missing or not on the list', () => {
    for (const license of [undefined, 'GPL-3.0-only', 'MIT AND GPL-2.0', 'UNLICENSED']) {
      assert.equal(licenceViolations(one({ license })).length, 1, license);
    }
    for (const license of ['ISC', '(MIT OR GPL-3.0)', 'Apache-2.0 AND BSL-1.0']) {
      assert.deepEqual(licenceViolations(one({ license })), []);
    }
  });

  it('find a version that is not exact, a missing checksum, a host and a link', () => {
    for (const entry of [
      { version: '^1.2.3' },
      { version: undefined },
      { integrity: undefined },
      { resolved: 'https://registry.example/one.tgz' },
      { link: true },
    ]) {
      assert.equal(pinViolations(one(entry)).length, 1, JSON.stringify(entry));
    }
    assert.deepEqual(rangeViolations({ a: '1.2.3', b: '^1.2.3', c: '*' }), ['b is ^1.2.3', 'c is *']);
  });
});
