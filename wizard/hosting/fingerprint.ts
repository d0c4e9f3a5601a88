import { createHmac } from 'node:crypto';

/** Marks what this tool wrote, wherever a vendor has a description beside a value. */
export const marker = 'rag-space-setup';

/**
 * First 8 hex digits of HMAC-SHA256(Space id, value): enough to tell two values apart, too little to guess one, and
 * different for the same value in another Space.
 */
export function fingerprint({ space, value }: { space: string; value: string }): string {
  return createHmac('sha256', space).update(value).digest('hex').slice(0, 8);
}

/** The description beside a value at the vendor: `rag-space-setup 1a2b3c4d`. */
export function noteFor(secret: { space: string; value: string }): string {
  return `${marker} ${fingerprint(secret)}`;
}

/** The fingerprint in a description; null when this tool did not write it. */
export function fingerprintIn(note: string | null | undefined): string | null {
  return /^rag-space-setup ([0-9a-f]{8})$/.exec(note?.trim() ?? '')?.[1] ?? null;
}
