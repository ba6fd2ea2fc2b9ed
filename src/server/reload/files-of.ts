import type { Config } from '../../config/config.js';
import { accessFiles } from '../access/index.js';

/** Every file that a config was made from. */
export function filesOf(config: Config): readonly string[] {
  const {
    file,
    server: { tls },
  } = config;
  return [
    ...(file === undefined ? [] : [file]),
    ...(tls === undefined ? [] : [tls.certificateFile, tls.keyFile]),
    ...accessFiles(config),
  ];
}
