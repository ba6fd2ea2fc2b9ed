import type { Command } from 'commander';
import { loadConfig, type Config } from '../../config/index.js';
import { failure, success, type Result } from '../../domain/result.js';
import type { CommandContext } from '../commands.js';
import type { JudgePlace } from './stage-judge.js';

/** Who judges, as a command line says it. */
export interface JudgeOptions {
  readonly service?: string;
  readonly serviceTokenFile?: string;
  readonly serviceCaFile?: string;
  readonly config?: string;
}

/** The options that say who judges. */
export function addJudgeOptions(command: Command): Command {
  return command
    .option(
      '--service <url>',
      'service of ml-verdict that judges (env ML_VERDICT_SERVICE); absent: this process judges by its config',
    )
    .option('--service-token-file <file>', 'holds a token of scope verdict for it')
    .option('--service-ca-file <file>', 'authorities that may have signed its certificate, PEM')
    .option(
      '-c, --config <file>',
      'config file: models, policies and sources where this process judges, and who gets alerts (env ML_VERDICT_CONFIG)',
    );
}

/** A config and who judges by it. Fails where one of them is wrong. */
export function readJudgeOptions(
  options: JudgeOptions,
  { env }: CommandContext,
): Result<{ readonly config: Config; readonly place: JudgePlace }> {
  const loaded = loadConfig({ file: options.config, env, flags: {} });
  if (!loaded.ok) return loaded;
  const config = loaded.value;
  const url = options.service ?? env['ML_VERDICT_SERVICE'];
  if (url === undefined || url === '') return success({ config, place: { kind: 'here', config } });
  if (!URL.canParse(url) || !/^https?:\/\//i.test(url)) {
    const message = 'expected an address such as "http://ml-verdict.ml-verdict:8080"';
    return failure([{ path: '--service', message }]);
  }
  const { serviceTokenFile: tokenFile, serviceCaFile: authorityFile } = options;
  return success({ config, place: { kind: 'service', url, tokenFile, authorityFile } });
}
