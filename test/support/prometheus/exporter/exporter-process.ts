/** A pod as a process of its own: arguments are the port, the scrapes before, its start and the file of its journal. */
import { appendFileSync } from 'node:fs';
import { Exporter } from './exporter.js';

const [port, scrapesBefore, startedMs, journalFile] = process.argv.slice(2);
if (journalFile === undefined) throw new Error('arguments: port, scrapes before, start, file of the journal');

const exporter = new Exporter({
  scrapesBefore: Number(scrapesBefore),
  startedMs: Number(startedMs),
  // Whatever becomes of the process, what a scrape has seen is in the file.
  journal: (entry) => {
    appendFileSync(journalFile, `${JSON.stringify(entry)}\n`);
  },
});
await exporter.listen(Number(port));
process.send?.('listening');
