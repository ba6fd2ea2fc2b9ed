import { writeGenerated } from '../../support/pages/repository-files.js';
import { madeExamples, madePage } from './made-files.js';

/** `npm run pictures`: writes the worked examples, then the page and the pictures that are made from them. */
for (const make of [madeExamples, madePage]) writeGenerated(await make());
