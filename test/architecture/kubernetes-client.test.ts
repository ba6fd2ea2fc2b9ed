import assert from 'node:assert/strict';
import ts from 'typescript';
import { importsOf, ownImportsOf, readSourceFiles, visit } from './source-files.js';

const library = '@kubernetes/client-node';
const files = readSourceFiles();

describe('the Kubernetes client library', () => {
  const users = files.filter((file) => importsOf(file).includes(library));

  it('is known in one file, and loaded there only when it is needed', () => {
    assert.deepEqual(
      users.map(({ path }) => path),
      ['src/progressive/cluster/load-kube-config.ts'],
    );
    const [user] = users;
    assert.ok(user);
    visit(user.tree, (node) => {
      // Types are gone once it is compiled.
      const isKept =
        ts.isImportDeclaration(node) && node.importClause?.phaseModifier !== ts.SyntaxKind.TypeKeyword;
      if (isKept) assert.notEqual(node.moduleSpecifier.getText(), `'${library}'`);
    });
  });

  it('is out of reach of the service and of the judge', () => {
    const imports = new Map(files.map((file) => [file.path, ownImportsOf(file)]));
    const reached = new Set<string>();
    const walk = (path: string): void => {
      if (reached.has(path)) return;
      reached.add(path);
      for (const next of imports.get(path) ?? []) walk(next);
    };
    walk('src/server/index.ts');
    walk('src/judge/index.ts');
    assert.ok(reached.size > 100);
    assert.ok(users.every(({ path }) => !reached.has(path)));
  });
});
