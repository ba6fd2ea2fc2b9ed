import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InvalidArgumentError } from 'commander';
import { ledgerSettings, loadConfig, type Config } from '../config/index.js';
import { invalidInput, VerdictError } from '../domain/errors.js';
import { startServer, stopOnSignals } from '../server/index.js';
import { openLedger } from '../sources/index.js';
import { createLogger } from '../telemetry/index.js';
import type { AddCommand, CommandContext } from './commands.js';
import { DemoClient } from './demo/demo-client.js';
import { drawSummary } from './demo/draw.js';
import { closing, opening } from './demo/narrate.js';
import { loadRecording } from './demo/recording.js';
import { runDemo } from './demo/run-demo.js';
import { exitStatus } from './exit-status.js';

interface DemoOptions {
  readonly port: string;
  readonly serve?: true;
  readonly pace: number;
}

const minuteMs = 60_000;

/** `demo`: recorded canaries of a real model, judged over HTTP look by look. */
export const addDemoCommand: AddCommand = (program, context) => {
  program
    .command('demo')
    .description('judge recorded canaries of a real model, look by look, as Argo Rollouts would ask')
    .option('--port <number>', 'port of the service; 0 takes a free one', '0')
    .option('--serve', 'leave the service running at the end')
    .option('--pace <ms>', 'least time that a look is shown on a terminal', parsePace, 250)
    .action((options: DemoOptions) => demo(options, context));
};

function parsePace(text: string): number {
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('expected a number of milliseconds from 0 to 99999.');
}

async function demo(options: DemoOptions, context: CommandContext): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'ml-verdict-demo-'));
  try {
    await play(demoConfig(dataDir, options.port), options, context);
  } catch (error) {
    if (!(error instanceof VerdictError)) throw error;
    context.console.err(`ml-verdict: ${error.message}\n`);
    context.setStatus(exitStatus.refused);
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** The demo's own config; neither the environment's nor a person's, so that it shows the same everywhere. */
function demoConfig(dataDir: string, port: string): Config {
  const file = fileURLToPath(new URL('./demo/config.yaml', import.meta.url));
  const loaded = loadConfig({ file, flags: { host: '127.0.0.1', port, dataDir } });
  if (!loaded.ok) throw invalidInput(loaded.errors);
  return loaded.value;
}

async function play(config: Config, options: DemoOptions, context: CommandContext): Promise<void> {
  const { console } = context;
  const recording = loadRecording();
  const logger = createLogger({ level: 'warn' });
  const ledger = await openLedger(config.ledger.dataDir, ledgerSettings(config));
  try {
    const server = await startServer({ config, ledger, logger });
    try {
      const url = `http://${server.host}:${server.port}`;
      console.out(opening(recording, url));
      const settleMs = config.looks.settleMs;
      const endMs = Math.floor((Date.now() - settleMs) / minuteMs) * minuteMs;
      const runs = await runDemo({
        console,
        client: new DemoClient(url),
        recording,
        endMs,
        settleMs,
        paceMs: options.pace,
      });
      console.out(`\n${drawSummary(runs, console)}${closing(recording, url, endMs, options.serve === true)}`);
      if (options.serve === true) await stopOnSignals(() => server.close(), logger);
    } finally {
      await server.close();
    }
  } finally {
    await ledger.close();
  }
}
