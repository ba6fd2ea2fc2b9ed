/** The settings that environment variables and flags may give; both win over the file, flags over the environment. */
export interface ConfigFlags {
  readonly host?: string | undefined;
  readonly port?: string | number | undefined;
  readonly dataDir?: string | undefined;
}

interface Override {
  readonly section: string;
  readonly key: string;
  readonly variable: string;
  readonly flag: keyof ConfigFlags;
  readonly option: string;
}

/** Which environment variable and which flag stand for which setting. */
export const overrides: readonly Override[] = [
  { section: 'server', key: 'host', variable: 'ML_VERDICT_HOST', flag: 'host', option: '--host' },
  { section: 'server', key: 'port', variable: 'ML_VERDICT_PORT', flag: 'port', option: '--port' },
  {
    section: 'ledger',
    key: 'dataDir',
    variable: 'ML_VERDICT_DATA_DIR',
    flag: 'dataDir',
    option: '--data-dir',
  },
];

/** The variable that names the config file where no flag does. */
export const configFileVariable = 'ML_VERDICT_CONFIG';

export type Environment = Readonly<Record<string, string | undefined>>;

/** One setting that is given outside the file, and where: for messages. */
export interface GivenOverride {
  readonly section: string;
  readonly key: string;
  readonly value: string | number;
  readonly origin: string;
}

// Kubernetes puts a variable such as ML_VERDICT_PORT=tcp://10.0.0.7:8080 into every pod beside a Service that is
// named ml-verdict. It is not meant for us.
const serviceLink = /^(?:tcp|udp|sctp):\/\//;

/** A variable's value; an empty one counts as not set. */
export function readVariable(env: Environment, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === undefined || value === '' || serviceLink.test(value) ? undefined : value;
}

/** The overrides that environment and flags give, flags winning. */
export function givenOverrides(env: Environment, flags: ConfigFlags): readonly GivenOverride[] {
  return overrides.flatMap(({ section, key, variable, flag, option }) => {
    const fromFlag = flags[flag];
    if (fromFlag !== undefined) return [{ section, key, value: fromFlag, origin: option }];
    const fromVariable = readVariable(env, variable);
    return fromVariable === undefined ? [] : [{ section, key, value: fromVariable, origin: variable }];
  });
}
