import { setTimeout as sleep } from 'node:timers/promises';
import type { Console } from '../console.js';
import { CandidateRun } from './candidate-run.js';
import type { DemoClient } from './demo-client.js';
import { coloursOf } from '../output/verdict-table.js';
import { drawLook } from './draw.js';
import { LiveBlock } from '../output/live-block.js';
import type { Recording } from './recording.js';
import { lookStartMs, playTraffic } from './traffic.js';

/** The policy for the candidate that is meant to score differently; all others take the model's own. */
const policyOf: Readonly<Record<string, string>> = { 're-weighted': 'flights-new-scores' };

export interface DemoSettings {
  readonly console: Console;
  readonly client: DemoClient;
  readonly recording: Recording;
  /** When the last look ends: a full minute that is settled. */
  readonly endMs: number;
  /** How long after its end a look is settled. */
  readonly settleMs: number;
  /** The least time a look is shown on a terminal. */
  readonly paceMs: number;
}

/** Streams the recording and asks for every candidate's verdict after every look; resolves with their rollouts. */
export async function runDemo(settings: DemoSettings): Promise<readonly CandidateRun[]> {
  const { console, client, recording, endMs } = settings;
  const runs = recording.candidates.map((candidate) => new CandidateRun(candidate, recording));
  const block = new LiveBlock(console);
  const announce = announcer(console, recording);
  for (const traffic of playTraffic(recording, endMs)) {
    const shown = sleep(console.isTerminal ? settings.paceMs : 0);
    await client.send(traffic);
    const { look } = traffic;
    if (look > 0) {
      announce.weight(look);
      const asOf = new Date(lookStartMs(recording, look + 1, endMs) + settings.settleMs).toISOString();
      for (const run of runs.filter((one) => one.isRecorded(look))) {
        const { name } = run.candidate;
        const document = await client.verdict({
          canary: name,
          policy: policyOf[name] ?? '',
          confidence: run.confidenceAt(look),
          step: String(look),
          asOf,
        });
        if (run.take(look, document)) announce.end(run);
      }
    }
    block.draw(drawLook(recording, look, runs, console));
    await shown;
  }
  block.erase();
  return runs;
}

/** In a pipe there is no picture: weights and ends are told line by line instead. */
function announcer(console: Console, recording: Recording) {
  const colours = coloursOf(console);
  let weight = 0;
  const tell = (text: string) => {
    if (!console.isTerminal) console.out(`${text}\n`);
  };
  return {
    weight: (look: number) => {
      const now = recording.weightOf(look);
      if (now !== weight) tell(`look ${look}: the canary gets ${Math.round(now * 100)} % of the traffic`);
      weight = now;
    },
    end: (run: CandidateRun) => {
      const { end } = run;
      if (end === undefined) return;
      const verdict = end.kind === 'promoted' ? colours.green('promote') : colours.red('rollback');
      tell(`look ${end.look}: ${run.candidate.name}: ${verdict}: ${end.document.measurement[2]}`);
    },
  };
}
