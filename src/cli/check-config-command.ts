import { effectiveConfig, loadConfig } from '../config/index.js';
import { describeFieldError } from '../domain/errors.js';
import type { AddCommand } from './commands.js';
import { accessWarnings } from './access-warnings.js';
import { configWarnings } from './config-warnings.js';
import { exitStatus } from './exit-status.js';
import { formatDocuments } from './output/format.js';
import { printable } from './output/printable.js';
import { plainTable } from './output/verdict-table.js';

/** `check-config`: reads the config as `serve` would and says what is wrong with it, or what is in force. */
export const addCheckConfigCommand: AddCommand = (program, context) => {
  program
    .command('check-config')
    .description('check a config file, with the environment that serve would see')
    .argument('[file]', 'config file; absent: ML_VERDICT_CONFIG, else the defaults alone')
    .option('--effective', 'print the config in force, defaults filled in, as YAML')
    .addHelpText(
      'after',
      '\nExit status: 0 if the config can be used, else 3. Warnings go to standard error.',
    )
    .action(async (file: string | undefined, options: { readonly effective?: true }) => {
      const loaded = loadConfig({ file, env: context.env });
      if (!loaded.ok) {
        for (const error of loaded.errors) context.console.err(`ml-verdict: ${describeFieldError(error)}\n`);
        context.setStatus(exitStatus.refused);
        return;
      }
      const config = loaded.value;
      for (const warning of [...configWarnings(config), ...(await accessWarnings(config))]) {
        context.console.err(`ml-verdict: warning: ${printable(warning)}\n`);
      }
      if (options.effective === true) {
        context.console.out(formatDocuments([effectiveConfig(config)], 'yaml'));
        return;
      }
      const rows = [...config.policies.values()].map((policy) => [
        policy.name,
        policy.mode,
        String(policy.confidence),
        policy.guardrails.map((guardrail) => guardrail.name).join(', '),
      ]);
      context.console.out(`The config${config.file === undefined ? '' : ` ${config.file}`} can be used.\n\n`);
      context.console.out(plainTable(['POLICY', 'MODE', 'CONFIDENCE', 'GUARDRAILS'], rows));
    });
};
