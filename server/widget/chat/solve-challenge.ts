/** Hashes that are computed together: few enough that the page stays responsive. */
const batch = 128;
const maxTries = 2 ** 20;

/**
 * The solution of a challenge that a server under attack sends: `challenge:number`, whose SHA-256 begins with the zero
 * bits that the challenge names. The browser hashes beside the page's own work. Null where it has no hashes to offer.
 */
export async function solveChallenge(challenge: string, signal: AbortSignal): Promise<string | null> {
  const bits = Number.parseInt(challenge, 10);
  const subtle = globalThis.crypto?.subtle as SubtleCrypto | undefined;
  if (subtle === undefined || !(bits > 0 && bits <= 20)) return null;
  const encoder = new TextEncoder();
  for (let start = 0; start < maxTries; start += batch) {
    const texts = Array.from({ length: batch }, (_, index) => `${challenge}:${start + index}`);
    const hashes = await Promise.all(texts.map((text) => subtle.digest('SHA-256', encoder.encode(text))));
    signal.throwIfAborted();
    const match = hashes.findIndex((hash) => new DataView(hash).getUint32(0) >>> (32 - bits) === 0);
    if (match !== -1) return texts[match] ?? null;
  }
  return null;
}
