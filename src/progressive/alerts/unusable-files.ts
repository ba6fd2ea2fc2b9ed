import { ClientTls } from '../../sources/prometheus/server/access/client-tls.js';
import { KeptFile, readHeaderSecret, readSecret } from '../../sources/prometheus/server/access/kept-file.js';
import type { Failure } from '../../sources/prometheus/server/failure.js';
import { readAddress } from './http/read-address.js';
import type { ReceiverSettings } from './receiver-settings.js';

/** Why a receiver cannot be reached from here: its files that cannot be read or hold something else. Tells no content. */
export async function unusableFiles(settings: ReceiverSettings): Promise<readonly string[]> {
  const { address, access, headers } = settings;
  const inHeaders = Object.entries(headers).flatMap(([name, value]) =>
    typeof value === 'string' ? [] : [kept(`headers.${name}.file`, value.file)],
  );
  const token = access.kind === 'bearer' ? [kept('bearerTokenFile', access.tokenFile)] : [];
  const password = access.kind === 'basic' ? [kept('basicAuth.passwordFile', access.passwordFile)] : [];
  const secrets = settings.kind === 'webhook' ? settings.secretFiles : [];
  const read: readonly Promise<{ readonly kind: string } | Failure>[] = [
    ...(address.kind === 'file' ? [readAddress(kept('urlFile', address.file))] : []),
    ...secrets.map((file, index) => readSecret(kept(`secretFiles[${index}]`, file), true)),
    ...[...inHeaders, ...token].map((file) => readHeaderSecret(file, true)),
    ...password.map((file) => readSecret(file, true)),
    new ClientTls(settings.tls, 0).read(),
  ];
  const results = await Promise.all(read);
  return results.flatMap((result) => ('reason' in result ? [result.reason] : []));
}

function kept(setting: string, file: string): KeptFile {
  return new KeptFile(setting, file, 0);
}
