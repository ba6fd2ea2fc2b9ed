import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** The repository's top folder. */
export const repository = fileURLToPath(new URL('../..', import.meta.url));

/** One file under `src/`, parsed. */
export interface SourceFile {
  /** Path below the repository with forward slashes: `src/judge/judge.ts`. */
  readonly path: string;
  readonly tree: ts.SourceFile;
}

/** Every TypeScript file under `src/`. */
export function readSourceFiles(): readonly SourceFile[] {
  const source = join(repository, 'src');
  return readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => relative(repository, join(source, name)).replaceAll('\\', '/'))
    .sort()
    .map((path) => parseSource(path, readFileSync(join(repository, path), 'utf8')));
}

export function parseSource(path: string, text: string): SourceFile {
  const kind = path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  return { path, tree: ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true, kind) };
}

/** What a file imports, by its text: `./result.js`, `zod`, `node:crypto`; types and lazy imports included. */
export function importsOf({ tree }: SourceFile): readonly string[] {
  const found: string[] = [];
  visit(tree, (node) => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
      if (node.moduleSpecifier !== undefined && ts.isStringLiteral(node.moduleSpecifier)) {
        found.push(node.moduleSpecifier.text);
      }
    } else if (ts.isCallExpression(node)) {
      const [argument] = node.arguments;
      const loads =
        node.expression.kind === ts.SyntaxKind.ImportKeyword ||
        (ts.isIdentifier(node.expression) && node.expression.text === 'require');
      if (loads && argument !== undefined) {
        found.push(ts.isStringLiteralLike(argument) ? argument.text : '(computed)');
      }
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      found.push(node.argument.literal.getText(tree).slice(1, -1));
    }
  });
  return found;
}

/** The paths of the files of `src/` that a file imports. */
export function ownImportsOf(file: SourceFile): readonly string[] {
  return importsOf(file)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => relative('/', resolve('/', dirname(file.path), specifier)).replaceAll('\\', '/'))
    .map((path) => path.replace(/\.js(x?)$/, '.ts$1'));
}

/** Calls something with every node of a tree. */
export function visit(node: ts.Node, call: (node: ts.Node) => void): void {
  call(node);
  ts.forEachChild(node, (child) => {
    visit(child, call);
  });
}

/** `src/judge/judge.ts:12`, for messages. */
export function placeOf({ path, tree }: SourceFile, node: ts.Node): string {
  return `${path}:${tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1}`;
}
