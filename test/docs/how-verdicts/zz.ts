import { drawPictures } from './pictures/index.js';
import { writeFileSync, mkdirSync } from 'node:fs';
mkdirSync('/tmp/pics', { recursive: true });
const t = performance.now();
for (const p of drawPictures()) { writeFileSync(`/tmp/pics/${p.name}.svg`, p.svg); console.log(p.name, p.svg.length, p.caption); }
console.log(performance.now() - t);
