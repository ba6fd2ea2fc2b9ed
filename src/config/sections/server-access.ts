import { z } from 'zod';

const file = z.string().min(1);

/** Access to a server with a name and a password. */
export const basicAuthSetting = z
  .strictObject({
    username: z
      .string()
      .regex(/^[^:\p{Cc}]+$/u, { error: 'a name without a colon' })
      .describe('The name.'),
    passwordFile: file.describe('A file that holds the password.'),
  })
  .optional()
  .describe('Access with a name and a password.');

/** How an https connection to a server is made. */
export const tlsSetting = z
  .strictObject({
    caFile: file
      .optional()
      .describe('Authorities that are trusted, in PEM, in place of those that come with Node.js.'),
    certFile: file.optional().describe('The certificate that the service shows, in PEM.'),
    keyFile: file.optional().describe('Its private key in PEM, without a passphrase.'),
    serverName: z
      .string()
      .min(1)
      .max(253)
      .optional()
      .describe('The name that the certificate of the server has to be for. Absent: the host of `url`.'),
  })
  .prefault({})
  .describe('How an https connection is made. Certificates are always checked.');
