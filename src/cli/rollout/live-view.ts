import type { Console } from '../console.js';
import { LiveBlock } from '../output/live-block.js';
import { printable } from '../output/printable.js';
import { coloursOf } from '../output/verdict-table.js';
import { refusalText } from './controller-refusal.js';
import { historyText, rolloutLines } from './view/rollout-lines.js';
import type { ShownRollout } from './view/shown-rollout.js';

/** Shows how a rollout goes on: a block that is drawn anew on a terminal, what happens as lines of text in a pipe. */
export class LiveView {
  readonly #console: Console;
  readonly #block: LiveBlock;
  readonly #told = new Set<string>();
  #refusal = '';

  constructor(console: Console) {
    this.#console = console;
    this.#block = new LiveBlock(console);
  }

  show(shown: ShownRollout, nowMs: number): void {
    if (this.#console.isTerminal) {
      this.#block.draw(rolloutLines(shown, nowMs, coloursOf(this.#console)));
      return;
    }
    this.#tellRefusal(shown);
    for (const entry of shown.state.history) {
      const text = historyText(entry);
      if (this.#told.has(text)) continue;
      this.#told.add(text);
      this.#console.out(`${text}\n`);
    }
  }

  #tellRefusal({ refusal }: ShownRollout): void {
    const text = refusal === undefined ? '' : refusalText(refusal);
    if (text !== '' && text !== this.#refusal) this.note(`refused: ${text}`);
    this.#refusal = text;
  }

  /** The last look at it, which stays. */
  end(shown: ShownRollout, nowMs: number): void {
    if (!this.#console.isTerminal) {
      this.show(shown, nowMs);
      return;
    }
    this.#block.erase();
    this.#console.out(`${rolloutLines(shown, nowMs, coloursOf(this.#console)).join('\n')}\n`);
  }

  /** Something that is not of the rollout itself, in a place where it does not tear the block. */
  note(text: string): void {
    this.#block.erase();
    this.#console.err(`ml-verdict: ${printable(text)}\n`);
  }
}
