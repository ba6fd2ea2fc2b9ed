import { existsSync } from 'node:fs';
import { ledgerPlace, ledgerSettings, type Config } from '../../config/index.js';
import { HttpJudge, readStageVerdict, stageQuestion, type StageJudge } from '../../progressive/index.js';
import { localVerdicts } from '../../server/index.js';
import { openLedger, openMemoryLedger } from '../../sources/index.js';
import type { Logger } from '../../telemetry/index.js';

/** Who is to judge: a service, or this process by its config. */
export type JudgePlace =
  | {
      readonly kind: 'service';
      readonly url: string;
      readonly tokenFile?: string | undefined;
      readonly authorityFile?: string | undefined;
    }
  | { readonly kind: 'here'; readonly config: Config };

/** Somebody who can be asked, until it is closed. */
export interface OpenJudge {
  readonly judge: StageJudge;
  close(): Promise<void>;
}

/**
 * Opens whoever is to judge.
 * @throws VerdictError where the ledger cannot be opened, TypeError where an address is none
 */
export async function openStageJudge(
  place: JudgePlace,
  { logger, now }: { readonly logger: Logger; readonly now: () => number },
): Promise<OpenJudge> {
  if (place.kind === 'service') {
    const judge = new HttpJudge(place);
    return { judge, close: () => judge.close() };
  }
  const { config } = place;
  const ledger = await openKnownLedger(config);
  const verdicts = localVerdicts({ config, ledger, logger, now });
  return {
    judge: {
      ask: async (model, request) =>
        readStageVerdict(request, await verdicts.answer(stageQuestion(model, request))),
    },
    close: async () => {
      verdicts.close();
      await ledger.close();
    },
  };
}

/** A model that Prometheus counts needs none: then the history lives as long as the process. */
function openKnownLedger(config: Config) {
  const place = ledgerPlace(config);
  const settings = ledgerSettings(config);
  const isAbsent = typeof place === 'string' && !existsSync(place);
  return isAbsent ? openMemoryLedger(settings) : openLedger(place, settings);
}
