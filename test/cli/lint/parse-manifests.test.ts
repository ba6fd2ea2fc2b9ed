import assert from 'node:assert/strict';
import { parseManifests } from '../../../src/cli/lint/files/parse-manifests.js';

const rollout = 'apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: { name: a }\n';

function refusalsOf(text: string): readonly string[] {
  const { refused, others } = parseManifests('f.yaml', text);
  return [...refused, ...others].map(({ line, message }) => `${line ?? '-'}: ${message}`);
}

describe('parseManifests', () => {
  it('reads every document, also JSON and lists of objects', () => {
    const service = { apiVersion: 'v1', kind: 'Service' };
    const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [service, service] });
    const { objects } = parseManifests('f.yaml', `# none\n---\n${rollout}---\n---\n${list}\n`);
    assert.deepEqual(
      objects.map((object) => [object.at('kind').text, object.path, object.line]),
      [
        ['Rollout', '', 3],
        ['Service', 'items[0]', 8],
        ['Service', 'items[1]', 8],
      ],
    );
  });

  it('knows the line of every field, through anchors and merge keys, and of what is missing the one around', () => {
    const text = `${rollout}common: &common\n  limit: 4\nspec:\n  a:\n    <<: *common\n    b: [1,\n      2]\n  c: *common\n`;
    const [root] = parseManifests('f.yaml', text).objects;
    assert.ok(root);
    const places: readonly (readonly (string | number)[])[] = [
      ['spec', 'a', 'limit'],
      ['spec', 'a', 'b', 1],
      ['spec', 'c', 'limit'],
      ['spec', 'a', 'missing', 'deeper'],
    ];
    assert.deepEqual(
      places.map((keys) => [root.at(...keys).value, root.at(...keys).line]),
      [
        [4, 5],
        [2, 10],
        [4, 5],
        [undefined, 7],
      ],
    );
    assert.equal(root.at('spec', 'a', 'b', 1).path, 'spec.a.b[1]');
    assert.equal(root.at('constructor').value, undefined);
  });

  it('says what is no YAML, and still reads the other documents', () => {
    const { objects, refused } = parseManifests('f.yaml', `${rollout}---\na: [1\nb: 2\n---\n${rollout}`);
    assert.equal(objects.length, 2);
    assert.match(refused[0]?.message ?? '', /^not YAML: /);
    assert.match(refusalsOf('a: 1\na: 2\n')[0] ?? '', /^2: not YAML: the key "a" stands twice in one object/);
  });

  it('says what is no Kubernetes object', () => {
    assert.deepEqual(refusalsOf('- a\n- b\n'), [
      '1: expected Kubernetes objects with apiVersion and kind, got an array',
    ]);
    assert.deepEqual(refusalsOf('\n\njust text\n'), [
      '3: expected Kubernetes objects with apiVersion and kind, got "just text"',
    ]);
    assert.match(refusalsOf('kind: Rollout\n')[0] ?? '', /got an object without them$/);
    assert.deepEqual(refusalsOf('# nothing but a comment\n'), []);
  });

  it('says that a chart has to be rendered', () => {
    for (const text of [
      'apiVersion: v1\nkind: X\nname: {{ .Values.name }}\n',
      'apiVersion: v1\n{{- if .Values.on }}\nkind: X\n{{- end }}\n',
    ]) {
      assert.match(
        refusalsOf(text).join('\n'),
        /^[23]: a Helm template, not YAML yet: render it first, helm template/,
      );
    }
    // Other templates in texts are none of a chart.
    assert.deepEqual(refusalsOf(`${rollout}text: |\n  {{ if .rollout }}x{{ end }}\n`), []);
  });

  it('refuses aliases that multiply, that lead to themselves, and nesting without end', () => {
    const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]'];
    for (let i = 1; i < 9; i++) {
      const [before, name] = [String.fromCharCode(96 + i), String.fromCharCode(97 + i)];
      bomb.push(`${name}: &${name} [${Array<string>(9).fill(`*${before}`).join(',')}]`);
    }
    assert.match(refusalsOf(`${rollout}${bomb.join('\n')}\n`)[0] ?? '', /Excessive alias count/);
    assert.match(refusalsOf(`${rollout}self: &self [*self]\n`)[0] ?? '', /refers to itself/);
    assert.match(refusalsOf('['.repeat(1000))[0] ?? '', /not YAML|nested too deeply/);
  });
});
