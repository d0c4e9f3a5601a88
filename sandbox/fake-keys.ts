import { randomBytes, randomInt } from 'node:crypto';
import { fakeToken } from './hub/accounts.ts';

/** Credentials that are nobody's: new in every run, each in its vendor's own form. */
export type FakeKeys = {
  hub: string;
  vercel: string;
  gemini: string;
  qdrant: string;
  databasePassword: string;
};

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

export function createFakeKeys(): FakeKeys {
  return {
    hub: fakeToken(),
    vercel: randomLetters(24),
    // Keys that AI Studio makes today begin so; those before began with AIza.
    gemini: `AQ.${randomBytes(37).toString('base64url')}`,
    qdrant: [
      jwtPart({ alg: 'HS256', typ: 'JWT' }),
      jwtPart({ access: 'm', subject: randomLetters(16) }),
      randomLetters(43),
    ].join('.'),
    // Signs that a URL must encode, as some databases generate them.
    databasePassword: `${randomLetters(6)}@${randomLetters(4)}/${randomLetters(4)}%${randomLetters(4)}#?&+ ${randomLetters(2)}`,
  };
}

function randomLetters(count: number): string {
  return Array.from({ length: count }, () => LETTERS[randomInt(LETTERS.length)]).join('');
}

function jwtPart(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
