import { deadline } from '../clients/deadline.ts';
import { Failure } from '../model/failure.ts';
import type { Secret } from '../model/secret.ts';

/** To read the folder, upload it and create the deployment. */
const defaultTimeoutMs = 5 * 60_000;

/**
 * Uploads a folder as a production deployment of a project, with Vercel's own client: it knows `.vercelignore`, hashes
 * and missing files. Returns once the deployment exists: the client's own polling never ends on CANCELED or BLOCKED.
 *
 * @returns the deployment's id.
 * @throws Failure `frontend-not-uploaded`.
 */
export async function deployFolder({
  dir,
  project,
  token,
  teamId,
  apiUrl,
  signal,
  longestMs = defaultTimeoutMs,
}: {
  /** Absolute. */
  dir: string;
  /** Name or id. */
  project: string;
  token: Secret;
  teamId: string | null;
  apiUrl: string;
  signal: AbortSignal;
  longestMs?: number;
}): Promise<string> {
  const client = await import('@vercel/client');
  // A CommonJS package: in a bundle its exports are properties of the default export.
  const { createDeployment } = 'default' in client ? (client.default as typeof client) : client;
  const ended = deadline({ signal, ms: longestMs });
  const settings = { name: project, project, target: 'production' as const };
  const access = { token: token.reveal(), ...(teamId === null ? {} : { teamId }) };
  const events = createDeployment(
    { ...access, path: dir, apiUrl, skipAutoDetectionConfirmation: true },
    settings,
  );
  const iterator = events[Symbol.asyncIterator]();
  // One promise for all events: there is one event for each file.
  const aborted = rejectOnAbort(ended);
  aborted.catch(() => undefined);
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), aborted]);
      if (next.done === true) throw uploadFailed('it ended without a deployment');
      const event = next.value as { type: string; payload?: { id?: string; message?: string } };
      if (event.type === 'created') return event.payload?.id ?? '';
      if (event.type === 'error') throw uploadFailed(event.payload?.message ?? 'it gave no reason');
    }
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Failure) throw error;
    throw uploadFailed(error instanceof Error ? error.message : String(error));
  } finally {
    // Not awaited: it may be in a request that cannot be cancelled.
    void iterator.return?.(undefined);
  }
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = (): void =>
      reject(new Error(signal.reason instanceof Error ? signal.reason.message : 'it took too long'));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

function uploadFailed(reason: string): Failure {
  return new Failure({
    code: 'frontend-not-uploaded',
    service: 'vercel',
    message: `Vercel did not accept the frontend’s folder: ${reason}.`,
    remedy: 'Deploy it once by hand (npx vercel --prod in the folder), then run again.',
  });
}
