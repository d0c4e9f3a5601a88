import { createHash } from 'node:crypto';

/**
 * First 16 hex digits of SHA-256 over the payload's digest and every setting's name and fingerprint or value. The server
 * reports it in `/api/health`, which shows what that very process runs with.
 */
export function deploymentId({
  payloadDigest,
  settings,
}: {
  payloadDigest: string;
  /** Fingerprints of secrets, values of variables; `DEPLOYMENT_ID` itself is not among them. */
  settings: Readonly<Record<string, string>>;
}): string {
  const sorted = Object.keys(settings)
    .sort()
    .map((name) => [name, settings[name]]);
  const text = JSON.stringify([payloadDigest, sorted]);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
