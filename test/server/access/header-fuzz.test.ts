import assert from 'node:assert/strict';
import fc from 'fast-check';
import { rawAnswer } from '../support/raw-answer.js';
import { TestService } from '../support/test-service.js';
import { TokenFolder } from './support/token-folder.js';

const token = 'the-one-token-that-is-right';

describe('any Authorization header', () => {
  const folder = new TokenFolder();
  let service: TestService;

  before(async () => {
    const files = [folder.write('token', token)];
    // An issuer as well, so that what looks like a signed token is read as one. Its keys are nowhere.
    const idp = { name: 'idp', issuer: 'a', audience: 'b', jwksUri: 'http://127.0.0.1:1/', scopes: ['read'] };
    const access = { tokens: [{ name: 'reader', files, scopes: ['read'] }], jwt: [idp] };
    service = await TestService.start({ config: { access, logging: { level: 'silent' } } });
  });

  after(async () => {
    await service.close();
    folder.remove();
  });

  async function statusOf(header: Uint8Array): Promise<number> {
    const head = 'GET /v1/verdicts HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: ';
    const request = Buffer.concat([Buffer.from(head), header, Buffer.from('\r\n\r\n')]);
    const answer = await rawAnswer(service.port, request);
    return Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1]);
  }

  it('is let in only with the token in it', async () => {
    assert.equal(await statusOf(Buffer.from(`Bearer ${token}`)), 200);
  });

  it('gets 401, or 400 where it is no header, 431 where it is too long; never 500, never in', async () => {
    const json = fc.json({ maxDepth: 1 }).map((text) => Buffer.from(text).toString('base64url'));
    const jwt = fc.tuple(json, json, json).map((parts) => parts.join('.'));
    const text = fc.oneof(
      jwt,
      fc.string({ maxLength: 60 }),
      fc.constantFrom(
        token.slice(1),
        `${token} `,
        `${token}=`,
        ` ${token}`,
        token.toUpperCase(),
        `${token}\0`,
      ),
    );
    const values = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      text.map((value) => Buffer.from(`Bearer ${value}`)),
      text.map((value) => Buffer.from(`bearer ${value}`, 'latin1')),
      fc.integer({ min: 0, max: 20_000 }).map((length) => Buffer.from(`Bearer ${'a'.repeat(length)}`)),
    );
    const allowed = new Set([400, 401, 431, 503]);
    await fc.assert(
      fc.asyncProperty(values, async (value) => {
        // Node.js takes the blank off the end of a header: this is the token.
        fc.pre(!/^bearer +the-one-token-that-is-right[ \t]*$/i.test(Buffer.from(value).toString('latin1')));
        // A line that ends the head, and a request of its own behind it, is no header.
        fc.pre(!value.includes(10) && !value.includes(13));
        const status = await statusOf(value);
        assert.ok(allowed.has(status), String(status));
      }),
      { numRuns: 400 },
    );
  });
});
