import { healthReport, type HealthReport } from '../../../server/contract.ts';
import { HttpFailure } from '../../clients/http-failure.ts';
import type { SpaceContext } from '../context.ts';

/** What `/api/health` reported, and why the request failed. */
export type HealthReading = { health: HealthReport | null; failure: HttpFailure | null };

/** Longest wait for one answer, in milliseconds. */
const timeoutMs = 10_000;

/** Null when no server of ours answers: no connection, or the gateway's page while a container starts. */
export async function readHealth(context: HealthAccess, url: string): Promise<HealthReport | null> {
  return (await requestHealth(context, url)).health;
}

type HealthAccess = Pick<SpaceContext, 'http' | 'signal'>;

/** As `readHealth`, with the reason. A degraded server reports itself in a 503, so failures carry health as well. */
export async function requestHealth({ http, signal }: HealthAccess, server: string): Promise<HealthReading> {
  const url = `${server}/api/health`;
  const request = { service: 'huggingface', what: 'asking the server for its health', url, signal } as const;
  try {
    const health = await http.request({ ...request, schema: healthReport, retry: false, timeoutMs });
    return { health, failure: null };
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error;
    return { health: healthReport.safeParse(error.data).data ?? null, failure: error };
  }
}
