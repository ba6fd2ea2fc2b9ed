import assert from 'node:assert/strict';
import { edited, pathsOf } from './edited-document.js';
import { FieldWatch } from './field-watch.js';
import { parseManifests, readManifestFile, readManifestFiles } from './manifest-files.js';
import { checkSchema } from './schema-validator.js';

const [template] = readManifestFile('analysis-templates/ml-model-metrics.yaml').documents;
const [rollout, service] = readManifestFile('rollouts/canary-gated.yaml').documents;
const [, virtualService] = readManifestFile('rollouts/canary-istio.yaml').documents;
const [, httpRoute] = readManifestFile('rollouts/canary-gateway-api.yaml').documents;
const [, ingress] = readManifestFile('rollouts/canary-nginx.yaml').documents;

describe('schema validator', () => {
  // Every object of every shipped file, so that no level of any schema stays open by oversight.
  for (const file of readManifestFiles()) {
    it(`refuses a mistyped key at every level of ${file.path}`, () => {
      for (const document of file.documents) {
        const open = new Set(checkSchema(document).openObjects.map((object) => object.path));
        for (const path of objectPaths(document)) {
          if ([...open].some((free) => path === free || path.startsWith(`${free}.`))) continue;
          const mistyped = path === '' ? 'mistypedKey' : `${path}.mistypedKey`;
          const errors = checkSchema(edited(document, mistyped, 'x')).errors;
          assert.deepEqual(pathsOf(errors), [mistyped]);
        }
      }
    });
  }

  it('names the known field that is nearest', () => {
    const [error] = checkSchema(edited(template, 'spec.metrics[0].inconclusiveLimits', 58)).errors;
    assert.equal(error?.path, 'spec.metrics[0].inconclusiveLimits');
    assert.match(error.message, /did you mean "inconclusiveLimit"\?/);
  });

  for (const [what, document, path, value] of [
    ['an unquoted number as an argument', template, 'spec.args[8].value', 0.95],
    [
      'an unquoted number as an argument of a Rollout',
      rollout,
      'spec.strategy.canary.steps[1].analysis.args[4].value',
      5,
    ],
    ['a count that is no whole number', template, 'spec.metrics[0].count', 1.5],
    ['a timeout as text', template, 'spec.metrics[0].provider.web.timeoutSeconds', '15'],
    ['a jsonBody that is no object', template, 'spec.metrics[0].provider.web.jsonBody', 'text'],
    ['a metric without a name', template, 'spec.metrics[0].name', undefined],
    ['a weight as text', rollout, 'spec.strategy.canary.steps[0].setWeight', '5'],
    ['a port that is no number', service, 'spec.ports[0].port', 'eighty'],
    ['another API version', rollout, 'apiVersion', 'argoproj.io/v1'],
    ['a starting step as text', rollout, 'spec.strategy.canary.analysis.startingStep', '0'],
    ['a weight above 100', virtualService, 'spec.http[0].route[0].weight', 101],
    ['a VirtualService without hosts', virtualService, 'spec.hosts', []],
    ['another API version of Istio', virtualService, 'apiVersion', 'networking.istio.io/v2'],
    ['a port that does not exist', httpRoute, 'spec.rules[0].backendRefs[0].port', 70_000],
    ['an HTTPRoute without a Gateway', httpRoute, 'spec.parentRefs', []],
    ['a path type that is no text', ingress, 'spec.rules[0].http.paths[0].pathType', 1],
  ] as const) {
    it(`refuses ${what}`, () => {
      const errors = checkSchema(edited(document, path, value)).errors;
      const expected = value === undefined ? path.replace(/\.name$/, '') : path;
      assert.ok(
        pathsOf(errors).some((found) => found === expected || (path === 'apiVersion' && found === 'kind')),
        JSON.stringify(errors),
      );
    });
  }

  it('takes a limit as a number or as text', () => {
    assert.deepEqual(checkSchema(edited(template, 'spec.metrics[0].count', '{{args.count}}')).errors, []);
  });

  it('refuses what is no Kubernetes document, and a kind without a schema', () => {
    assert.deepEqual(pathsOf(checkSchema(null).errors), ['apiVersion']);
    const [error] = checkSchema({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Rolout' }).errors;
    assert.match(error?.message ?? '', /did you mean "argoproj.io\/v1alpha1 Rollout"\?/);
  });
});

describe('field watch', () => {
  const value = {
    known: { inner: 1, extra: 2 },
    map: { any: { inner: 1, extra: 2 } },
    free: { deep: { x: 1 } },
  };

  function read(watched: unknown): void {
    const { known, map, free } = watched as typeof value;
    assert.equal(known.inner, 1);
    for (const key in map) assert.equal(map[key as 'any'].inner, 1);
    assert.equal(typeof free, 'object');
  }

  it('reports what a validator never asked for, and leaves maps and free-form objects alone', () => {
    const watch = new FieldWatch(value);
    read(watch.watched());
    assert.deepEqual(pathsOf(watch.unknownFields()), ['known.extra', 'map.any.extra']);
    assert.deepEqual(watch.openObjects(), [
      { path: 'map', kind: 'map' },
      { path: 'free', kind: 'free-form' },
    ]);
  });
});

describe('manifest files', () => {
  it('are read as YAML 1.1, where a bare yes is a boolean', () => {
    assert.deepEqual(parseManifests('a: yes\n---\nb: "yes"\n'), [{ a: true }, { b: 'yes' }]);
  });

  it('may not repeat a key or break off', () => {
    assert.throws(() => parseManifests('a: 1\na: 2\n'), /unique/);
    assert.throws(() => parseManifests('a: [1\n'), /flow/i);
  });
});

/** The path of every object inside a value: the root first, as ''. */
function objectPaths(value: unknown, path = ''): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((entry, index) => objectPaths(entry, `${path}[${index}]`));
  const children = Object.entries(value).flatMap(([key, child]) =>
    objectPaths(child, path === '' ? key : `${path}.${key}`),
  );
  return [path, ...children];
}
