import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../documents.js';
import { madeExamples, madePage } from './made-files.js';

/** `npm run pictures`: writes the worked examples, then the page and the pictures that are made from them. */
for (const make of [madeExamples, madePage]) {
  for (const [path, text] of await make()) {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    process.stdout.write(`wrote ${path}\n`);
  }
}
