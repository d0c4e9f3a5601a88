import type { FastifyBaseLogger } from 'fastify';

/** An open breaker hands out the same failure to everybody: it is told when it happened. */
const logged = new WeakSet<Error>();

/**
 * Logs what failed by its code, or by its kind, once, with the code of what lies behind it (a system's, an
 * SQLSTATE). What a driver or a vendor said may hold an address or a key, and a stack says nothing to an operator:
 * neither is ever printed.
 */
export function logFailure(
  log: FastifyBaseLogger,
  error: unknown,
  { level = 'warn', requestId }: { level?: 'warn' | 'error'; requestId?: string } = {},
): void {
  const of = requestId === undefined ? {} : { reqId: requestId };
  if (!(error instanceof Error))
    return log[level]({ ...of, code: 'unknown' }, `an unexpected ${typeof error}`);
  if (logged.has(error)) return;
  logged.add(error);
  const { name, message, cause } = error;
  const isMeantForPeople = name === 'Failure' || name === 'Problem';
  log[level](
    { ...of, code: failureCode(error) ?? name, ...causeOf(cause) },
    isMeantForPeople ? message : `an unexpected ${name}`,
  );
}

function causeOf(cause: unknown): { cause?: string } {
  for (let one = cause; one instanceof Error; one = one.cause) {
    const code = failureCode(one);
    if (code !== undefined) return { cause: code };
  }
  return {};
}

/** Codes are words for programs; anything else under this name may be a sentence. */
function failureCode(error: Error): string | undefined {
  const code = 'code' in error ? String(error.code) : '';
  return /^\w[\w-]{0,60}$/.test(code) ? code : undefined;
}
