import ts from 'typescript';
import { importsOf, ownImportsOf, placeOf, visit, type SourceFile } from './source-files.js';

/** Which floor each part of the project stands on; imports go down, never up and never sideways. */
const floors: Readonly<Record<string, number>> = {
  domain: 0,
  statistics: 0,
  judge: 1,
  sources: 2,
  ingest: 3,
  progressive: 3,
  config: 4,
  telemetry: 4,
  server: 5,
  cli: 6,
  'main.ts': 6,
};

/** Imports between parts of one floor that are meant. */
const meant: readonly string[] = ['domain -> statistics', 'main.ts -> cli'];

/** Parts that do no I/O, read no clock and no environment and draw no random numbers. */
const pureParts: readonly string[] = ['domain', 'statistics', 'judge', 'progressive/machine'];

const partOf = (path: string): string => path.split('/')[1] ?? '';

/** Imports that go up or sideways, and parts that have no floor. */
export function floorViolations(files: readonly SourceFile[]): readonly string[] {
  return files.flatMap((file) => {
    const from = partOf(file.path);
    const floor = floors[from];
    if (floor === undefined) return [`${file.path}: "${from}" has no floor`];
    return ownImportsOf(file).flatMap((path) => {
      const to = partOf(path);
      const other = path.startsWith('src/') ? floors[to] : undefined;
      if (other === undefined) return [`${file.path} imports ${path}, which is on no floor`];
      if (from === to || other < floor || meant.includes(`${from} -> ${to}`)) return [];
      return [`${file.path} (floor ${floor}) imports ${path} (floor ${other})`];
    });
  });
}

/** Imports of files that are not there, and circles of files that import each other. */
export function importGraphViolations(files: readonly SourceFile[]): readonly string[] {
  const known = new Map(files.map((file) => [file.path, file]));
  const imports = new Map(
    files.map((file) => [
      file.path,
      ownImportsOf(file).map((path) =>
        known.has(path) || !known.has(path.replace(/\.ts$/, '.tsx')) ? path : path.replace(/\.ts$/, '.tsx'),
      ),
    ]),
  );
  const missing = [...imports].flatMap(([from, targets]) =>
    targets
      .filter((target) => !known.has(target))
      .map((target) => `${from} imports ${target}, which is not there`),
  );
  return [...missing, ...circles(imports)];
}

function circles(imports: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const done = new Set<string>();
  const found: string[] = [];
  const walk = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path);
    if (at >= 0) {
      found.push(`circle: ${[...trail.slice(at), path].join(' -> ')}`);
      return;
    }
    if (done.has(path)) return;
    for (const next of imports.get(path) ?? []) walk(next, [...trail, path]);
    done.add(path);
  };
  for (const path of imports.keys()) walk(path, []);
  return found;
}

/** What the pure parts may not use: node's modules but hashing, clock, chance, environment, timers, the network. */
export function purityViolations(files: readonly SourceFile[]): readonly string[] {
  return files
    .filter((file) => pureParts.some((part) => file.path.startsWith(`src/${part}/`)))
    .flatMap((file) => {
      const found = importsOf(file)
        .filter((specifier) => specifier.startsWith('node:') && specifier !== 'node:crypto')
        .map((specifier) => `${file.path} imports ${specifier}`);
      visit(file.tree, (node) => {
        const impure = impurity(node);
        if (impure !== undefined) found.push(`${placeOf(file, node)} uses ${impure}`);
      });
      return found;
    });
}

const impureNames: readonly string[] = [
  'process',
  'performance',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'fetch',
  'crypto',
  'globalThis',
  'console',
  'require',
];
const impureMembers: readonly string[] = ['Date.now', 'Math.random'];
const impureImports: readonly string[] = [
  'randomBytes',
  'randomUUID',
  'randomInt',
  'webcrypto',
  'getRandomValues',
];

function impurity(node: ts.Node): string | undefined {
  if (
    ts.isNewExpression(node) &&
    node.expression.getText() === 'Date' &&
    (node.arguments?.length ?? 0) === 0
  ) {
    return 'new Date() without an instant';
  }
  if (ts.isCallExpression(node) && node.expression.getText() === 'Date') return 'Date()';
  if (ts.isPropertyAccessExpression(node) && impureMembers.includes(node.getText())) return node.getText();
  if (ts.isImportSpecifier(node) && impureImports.includes((node.propertyName ?? node.name).text)) {
    return node.getText();
  }
  if (!ts.isIdentifier(node) || !impureNames.includes(node.text)) return undefined;
  const { parent } = node;
  const isName =
    (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
    (ts.isPropertyAssignment(parent) && parent.name === node) ||
    ts.isPropertySignature(parent) ||
    ts.isMethodDeclaration(parent) ||
    ts.isMethodSignature(parent);
  return isName ? undefined : node.text;
}

/** Default exports, and files that are not named in kebab-case. */
export function namingViolations(files: readonly SourceFile[]): readonly string[] {
  return files.flatMap((file) => {
    const found: string[] = [];
    for (const part of file.path.split('/').slice(1)) {
      if (!/^[a-z0-9]+(-[a-z0-9]+)*(\.tsx?)?$/.test(part))
        found.push(`${file.path}: "${part}" is not kebab-case`);
    }
    visit(file.tree, (node) => {
      const modifiers = ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []) : [];
      const isDefault =
        ts.isExportAssignment(node) ||
        modifiers.some((modifier) => modifier.kind === ts.SyntaxKind.DefaultKeyword) ||
        (ts.isExportSpecifier(node) && node.name.text === 'default');
      if (isDefault) found.push(`${placeOf(file, node)} exports a default`);
    });
    return found;
  });
}
