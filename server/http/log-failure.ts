import type { FastifyBaseLogger } from 'fastify';

/**
 * Logs what failed by its code, or by its kind. What a driver or a vendor said may hold an address or a key, and
 * a stack says nothing to an operator: both are printed at `trace` alone.
 */
export function logFailure(log: FastifyBaseLogger, error: unknown, level: 'warn' | 'error' = 'warn'): void {
  const { code, message, name } = partsOf(error);
  log[level]({ code }, name === 'Failure' || name === 'Problem' ? message : `an unexpected ${name}`);
  log.trace({ err: error }, 'in full');
}

function partsOf(error: unknown): { code: string; message: string; name: string } {
  if (!(error instanceof Error)) return { code: 'unknown', message: '', name: typeof error };
  const code = 'code' in error ? String(error.code) : error.name;
  return { code, message: error.message, name: error.name };
}
