// Takes out of node_modules what no running service reads: declarations, TypeScript sources, source maps, manuals and
// tests of the packages, and the database binary of the other libc. Licences and notices stay. For the image.
import { readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const uselessFile = /\.([cm]?ts|map|md|markdown)$/i;
const legalFile = /^(licen[cs]e|notice|copying|copyright)/i;
const testFolder = /^(test|tests|__tests__|benchmark|benchmarks)$/;

/** A folder that is a package: directly in a node_modules, or in a scope of one. */
function stripPackage(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && testFolder.test(entry.name)) rmSync(path, { recursive: true });
  }
  stripFolder(folder);
}

function stripFolder(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (entry.name === 'node_modules') stripModules(path);
      else stripFolder(path);
    } else if (uselessFile.test(entry.name) && !legalFile.test(entry.name)) {
      rmSync(path);
    }
  }
  if (readdirSync(folder).length === 0) rmdirSync(folder);
}

function stripModules(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) continue;
    if (entry.name.startsWith('@')) stripModules(path);
    else stripPackage(path);
  }
}

/** npm installs the binaries for both; one of them cannot be loaded here. */
function stripOtherLibc(modules) {
  const { glibcVersionRuntime } = process.report.getReport().header;
  const other = glibcVersionRuntime === undefined ? '-gnu' : '-musl';
  for (const name of readdirSync(join(modules, '@libsql'))) {
    if (name.endsWith(other)) rmSync(join(modules, '@libsql', name), { recursive: true });
  }
}

stripModules('node_modules');
stripOtherLibc('node_modules');
