import { z } from 'zod';
import { durationSetting } from '../settings.js';

/** What a caller may be let in for. */
export const accessScopes = ['verdict', 'ingest', 'read'] as const;

export type AccessScope = (typeof accessScopes)[number];

/** Signatures that can be checked without knowing how to make them. */
const signatures = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const;

const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, {
  error: 'a name of 1 to 63 letters, digits, dots, hyphens and underscores',
});
const scopes = z
  .array(z.enum(accessScopes))
  .min(1)
  .describe(
    'What it is for, one or more of `verdict` (ask for verdicts), `ingest` (send predictions, outcomes and events), `read` (observations, history, plans).',
  );
const patterns = z.array(z.string().min(1).max(253)).min(1).optional();
const bounds = {
  namespaces: patterns.describe(
    'In which namespaces: names, or patterns with `*` for any text. Absent: all.',
  ),
  models: patterns.describe('For which models, likewise. Absent: all.'),
};

const tokenEntry = z.strictObject({
  name: name.describe('Names the caller in the log; what is counted by caller is counted by it.'),
  files: z
    .array(z.string().min(1))
    .min(1)
    .describe(
      'Files that hold one token each, of at least 16 characters. Several of them are in force at a time: that is how a token is changed.',
    ),
  scopes,
  ...bounds,
});

const claim = z
  .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
  .describe('The claim that is looked at; a list of keys for one that lies inside others.');

const grantEntry = z
  .strictObject({
    claim,
    equals: z.union([z.string(), z.number(), z.boolean()]).optional().describe('The claim has to be this.'),
    contains: z
      .string()
      .min(1)
      .optional()
      .describe('The claim has to be a list, or a text of words, with this in it.'),
    scopes,
    ...bounds,
  })
  .refine(({ equals, contains }) => (equals === undefined) !== (contains === undefined), {
    error: 'exactly one of equals and contains',
  });

const jwtEntry = z
  .strictObject({
    name: name.describe('Names the issuer; a caller is then called `name:subject`.'),
    issuer: z.string().min(1).describe('The `iss` of its tokens, to the letter.'),
    audience: z
      .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
      .describe('The `aud` that a token has to have, or several of which it has to have one.'),
    jwksUri: z
      .string()
      .refine(isKeyAddress, {
        error:
          'an https address (http only on a loopback address: whoever can change the keys can sign tokens)',
      })
      .optional()
      .describe('Where the public keys of the issuer are. This or `jwksFile`.'),
    jwksFile: z.string().min(1).optional().describe('A file that holds them (a JSON Web Key Set).'),
    algorithms: z
      .array(z.enum(signatures))
      .min(1)
      .prefault([...signatures])
      .describe('The signatures that are accepted; only such that need a private key.'),
    clockTolerance: durationSetting('30s', 'By how much the clocks of issuer and service may differ.', {
      max: 300,
    }),
    scopes: scopes.optional().describe('What all its tokens are for. Absent: only what `grants` say.'),
    ...bounds,
    grants: z
      .array(grantEntry)
      .min(1)
      .optional()
      .describe('What tokens with a certain claim are for, beside what all tokens of the issuer are for.'),
  })
  .refine(({ jwksUri, jwksFile }) => (jwksUri === undefined) !== (jwksFile === undefined), {
    error: 'exactly one of jwksUri and jwksFile',
  })
  .refine(({ scopes: all, grants }) => all !== undefined || grants !== undefined, {
    error: 'scopes, or grants: otherwise its tokens are for nothing',
  })
  .refine(
    ({ scopes: all, namespaces, models }) =>
      all !== undefined || (namespaces === undefined && models === undefined),
    { error: 'scopes beside namespaces and models, or these inside the grants' },
  )
  .transform(({ clockTolerance, ...rest }) => ({ ...rest, clockToleranceMs: clockTolerance }));

/** Who is let in, and for what. */
export const accessSection = z
  .strictObject({
    anonymous: z
      .enum(['allow', 'deny'])
      .optional()
      .describe(
        'Callers without credentials: `allow` lets them do everything, `deny` nothing. Absent: allowed only while the service listens on a loopback address and neither `tokens` nor `jwt` is set.',
      ),
    metrics: z
      .enum(['open', 'read'])
      .prefault('open')
      .describe(
        'Who may see `/metrics`: `open` is everybody, `read` only callers with that scope for all namespaces and models.',
      ),
    tokens: z.array(tokenEntry).prefault([]).describe('Callers with a token of their own.'),
    jwt: z
      .array(jwtEntry)
      .prefault([])
      .describe('Issuers of signed tokens (JWT), such as the identity provider behind OAuth2.'),
  })
  .superRefine(({ tokens, jwt }, context) => {
    const complain = (path: readonly (string | number)[], message: string, input: unknown): void => {
      context.addIssue({ code: 'custom', path: [...path], message, input });
    };
    const names = new Set<string>();
    const noteName = (path: readonly (string | number)[], own: string): void => {
      if (names.has(own)) complain(path, 'a name that no other caller has', own);
      names.add(own);
    };
    tokens.forEach((token, index) => {
      noteName(['tokens', index, 'name'], token.name);
    });
    const issuers = new Set<string>();
    jwt.forEach((entry, index) => {
      noteName(['jwt', index, 'name'], entry.name);
      if (issuers.has(entry.issuer)) {
        complain(
          ['jwt', index, 'issuer'],
          'each issuer once; its grants tell its callers apart',
          entry.issuer,
        );
      }
      issuers.add(entry.issuer);
    });
  })
  .prefault({})
  .describe('Who is let in, and for what. [Access](../guides/access.md) shows how to set it up.');

function isKeyAddress(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'https:') return true;
  return url?.protocol === 'http:' && /^(?:127(?:\.\d+){3}|\[::1\]|localhost)$/.test(url.hostname);
}
