import { ledgerPlace, ledgerSettings, loadConfig } from '../config/index.js';
import { describeFieldError, VerdictError } from '../domain/errors.js';
import { reloadOnHangUp, startServer, stopOnSignals } from '../server/index.js';
import { openLedger } from '../sources/index.js';
import { createLogger } from '../telemetry/index.js';
import type { AddCommand, CommandContext } from './commands.js';
import { exitStatus } from './exit-status.js';

interface ServeOptions {
  readonly host?: string;
  readonly port?: string;
  readonly dataDir?: string;
  readonly config?: string;
}

/** `serve`: the HTTP service, until SIGTERM or SIGINT. */
export const addServeCommand: AddCommand = (program, context) => {
  program
    .command('serve')
    .description('run the HTTP service')
    .option('--host <address>', 'address to listen on (default 127.0.0.1; env ML_VERDICT_HOST)')
    .option('--port <number>', 'port to listen on (default 8080; env ML_VERDICT_PORT)')
    .option(
      '--data-dir <folder>',
      'folder of the ledger (default ./ml-verdict-data; env ML_VERDICT_DATA_DIR); wins over DATABASE_URL',
    )
    .option('-c, --config <file>', 'config file (env ML_VERDICT_CONFIG)')
    .action((options: ServeOptions) => serve(options, context));
};

async function serve(options: ServeOptions, context: CommandContext): Promise<void> {
  const { config: file, ...flags } = options;
  const origins = { file, env: context.env, flags };
  const loaded = loadConfig(origins);
  if (!loaded.ok) {
    for (const error of loaded.errors) context.console.err(`ml-verdict: ${describeFieldError(error)}\n`);
    context.setStatus(exitStatus.refused);
    return;
  }
  const config = loaded.value;
  const logger = createLogger({ level: config.logging.level });
  try {
    const ledger = await openLedger(ledgerPlace(config), ledgerSettings(config));
    try {
      const server = await startServer({
        config,
        ledger,
        logger,
        loadConfig: () => loadConfig({ ...origins, again: true }),
      });
      // Before anybody is told that it is there: whoever is may send a signal at once.
      reloadOnHangUp(() => void server.reload());
      // Ctrl-C does not wait for load balancers.
      const drainMs = { SIGTERM: config.server.drainDelayMs, SIGINT: 0 };
      const stopped = stopOnSignals((signal) => server.close(drainMs[signal]), logger);
      context.console.out(
        `ml-verdict answers on ${server.protocol}://${urlHost(server.host)}:${server.port}\n`,
      );
      await stopped;
    } finally {
      await ledger.close();
    }
  } catch (error) {
    if (!(error instanceof VerdictError)) throw error;
    context.console.err(`ml-verdict: ${error.message}\n`);
    context.setStatus(exitStatus.refused);
  }
}

/** An IPv6 address goes into brackets in a URL. */
function urlHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
