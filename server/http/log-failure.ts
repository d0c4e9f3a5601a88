import type { FastifyBaseLogger } from 'fastify';

/** An open circuit breaker throws the same ServerFailure for every request, which is logged only once. */
const logged = new WeakSet<Error>();

/**
 * Logs a failure once, by its code or class, with the first code among its causes (a system error, an SQLSTATE). Never
 * prints a driver's or vendor's message, which may contain an address or a key, nor a stack.
 */
export function logFailure(
  log: FastifyBaseLogger,
  error: unknown,
  { level = 'warn', requestId }: { level?: 'warn' | 'error'; requestId?: string } = {},
): void {
  const context = requestId === undefined ? {} : { reqId: requestId };
  if (!(error instanceof Error))
    return log[level]({ ...context, code: 'unknown' }, `an unexpected ${typeof error}`);
  if (logged.has(error)) return;
  logged.add(error);
  const { name, message, cause } = error;
  const isMeantForPeople = name === 'Failure' || name === 'HttpError';
  log[level](
    { ...context, code: failureCode(error) ?? name, ...causeOf(cause) },
    isMeantForPeople ? message : `an unexpected ${name}`,
  );
}

function causeOf(cause: unknown): { cause?: string } {
  for (let error = cause; error instanceof Error; error = error.cause) {
    const code = failureCode(error);
    if (code !== undefined) return { cause: code };
  }
  return {};
}

/** The error's code; ignored when it has spaces, since it may then be a sentence. */
function failureCode(error: Error): string | undefined {
  const code = 'code' in error ? String(error.code) : '';
  return /^\w[\w-]{0,60}$/.test(code) ? code : undefined;
}
