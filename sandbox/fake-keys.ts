import { randomBytes, randomInt } from 'node:crypto';
import { fakeToken } from './hub/accounts.ts';

/** Credentials that are valid nowhere else: new in every run, each in its vendor's format. */
export type FakeKeys = {
  hub: string;
  vercel: string;
  gemini: string;
  qdrant: string;
  databasePassword: string;
};

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Generates a set of random credentials. */
export function createFakeKeys(): FakeKeys {
  return {
    hub: fakeToken(),
    vercel: randomLetters(24),
    // The format of AI Studio's keys since 2026; older ones begin with AIza.
    gemini: `AQ.${randomBytes(37).toString('base64url')}`,
    qdrant: [
      jwtPart({ alg: 'HS256', typ: 'JWT' }),
      jwtPart({ access: 'm', subject: randomLetters(16) }),
      randomLetters(43),
    ].join('.'),
    // With characters that must be URL-encoded, as some databases generate them.
    databasePassword: `${randomLetters(6)}@${randomLetters(4)}/${randomLetters(4)}%${randomLetters(4)}#?&+ ${randomLetters(2)}`,
  };
}

function randomLetters(count: number): string {
  return Array.from({ length: count }, () => LETTERS[randomInt(LETTERS.length)]).join('');
}

function jwtPart(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
