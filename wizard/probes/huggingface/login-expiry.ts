import * as z from 'zod';
import type { Secret } from '../../model/secret.ts';

const claims = z.looseObject({ exp: z.number() });

/** When a login ends: `hf_oauth_` is followed by a JWT. Null for a token of another kind, or without an end. */
export function loginExpiry(token: Secret): Date | null {
  const [, payload] = /^hf_(?:oauth|jwt)_[\w-]+\.([\w-]+)\./.exec(token.reveal()) ?? [];
  if (payload === undefined) return null;
  try {
    const { exp } = claims.parse(JSON.parse(Buffer.from(payload, 'base64url').toString()));
    return new Date(exp * 1_000);
  } catch {
    return null;
  }
}

/** What helps when the Hub does not take a token. */
export function tokenRemedy(token: Secret, page: string): string {
  const another = `make a token with role "write" at ${page} and give that one`;
  return /^hf_(?:oauth|jwt)_/.test(token.reveal())
    ? `This login has ended: any command of hf renews it (hf auth whoami), or ${another}.`
    : `${another.replace(/^m/, 'M')}.`;
}
