import { BlockList, isIP } from 'node:net';
import type { FieldError } from '../domain/errors.js';
import type { Config } from './config.js';

/** What decides whether callers without credentials are let in. */
type AccessParts = Pick<Config, 'access' | 'server'>;

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Whether whoever connects to an address that is listened on has to be on the same machine. */
export function isLoopback(host: string): boolean {
  const family = isIP(host);
  if (family === 0) return host.toLowerCase() === 'localhost';
  return loopback.check(host, family === 6 ? 'ipv6' : 'ipv4');
}

/** Whether the config names any caller. */
export function hasCredentials({ access }: Pick<Config, 'access'>): boolean {
  return access.tokens.length > 0 || access.jwt.length > 0;
}

/** Whether callers without credentials are let in. */
export function admitsAnonymous({ access, server }: AccessParts): boolean {
  if (access.anonymous !== undefined) return access.anonymous === 'allow';
  return !hasCredentials({ access }) && isLoopback(server.host);
}

/**
 * What is wrong with a config that would let in everybody where the one in force asks who they are. An emptied file, or one
 * that lost a part, must not open a service; who means it writes so.
 */
export function openingErrors(inForce: AccessParts, next: AccessParts): readonly FieldError[] {
  const isMeant = next.access.anonymous === 'allow';
  if (isMeant || admitsAnonymous(inForce) || !admitsAnonymous(next)) return [];
  return [
    {
      path: 'access',
      message:
        'the config in force asks callers who they are, this one would let in everybody without saying so; if that is meant, write access.anonymous: allow',
    },
  ];
}

/** What is wrong with a config that would let in nobody, or everybody without saying so. */
export function accessErrors(parts: AccessParts): readonly FieldError[] {
  if (hasCredentials(parts) || admitsAnonymous(parts)) return [];
  const { host } = parts.server;
  const why =
    parts.access.anonymous === 'deny'
      ? 'nobody could be let in'
      : `the service would listen on ${host}, which others can reach, without asking who they are`;
  return [
    {
      path: 'access',
      message: `${why}; name the callers in access.tokens or access.jwt, or let everybody in with access.anonymous: allow`,
    },
  ];
}
