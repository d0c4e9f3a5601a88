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

export function fakeKeys(): FakeKeys {
  return {
    hub: fakeToken(),
    vercel: letters(24),
    // Keys that AI Studio makes today begin so; those before began with AIza.
    gemini: `AQ.${randomBytes(37).toString('base64url')}`,
    qdrant: [
      part({ alg: 'HS256', typ: 'JWT' }),
      part({ access: 'm', subject: letters(16) }),
      letters(43),
    ].join('.'),
    // Signs that a URL must encode, as some databases generate them.
    databasePassword: `${letters(6)}@${letters(4)}/${letters(4)}%${letters(4)}#?&+ ${letters(2)}`,
  };
}

function letters(count: number): string {
  return Array.from({ length: count }, () => LETTERS[randomInt(LETTERS.length)]).join('');
}

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
