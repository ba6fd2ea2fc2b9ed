import { renameSync, writeFileSync } from 'node:fs';

/** One address and the labels under which it is scraped. */
export interface ScrapeTarget {
  readonly address: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A file of targets, as service discovery writes it for servers that read it again whenever it changes. */
export class ScrapeTargets {
  readonly file: string;
  readonly #targets = new Map<string, ScrapeTarget>();

  constructor(file: string) {
    this.file = file;
    this.#write();
  }

  /** Has an address scraped under these labels from now on. */
  set(target: ScrapeTarget): void {
    this.#targets.set(target.address, target);
    this.#write();
  }

  remove(address: string): void {
    this.#targets.delete(address);
    this.#write();
  }

  #write(): void {
    const groups = [...this.#targets.values()].map(({ address, labels }) => ({ targets: [address], labels }));
    // A server that reads while this is written has to see a whole file.
    writeFileSync(`${this.file}.new`, JSON.stringify(groups));
    renameSync(`${this.file}.new`, this.file);
  }
}
