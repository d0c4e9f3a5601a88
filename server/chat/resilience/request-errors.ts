import { ServerFailure } from '../../failure.ts';

/** True for failures caused by one request; they do not open a circuit breaker. */
export function isRequestError(error: unknown): boolean {
  return error instanceof ServerFailure && requestErrorCodes.has(error.code);
}

const requestErrorCodes: ReadonlySet<string> = new Set([
  'answer-blocked',
  'answer-empty',
  'answer-not-given',
  'answer-unfinished',
  'gemini-request-refused',
]);

/** True when the model gave no text, and may give one when it is asked in other words. */
export function isEmptyAnswer(error: unknown): boolean {
  return error instanceof ServerFailure && error.code === 'answer-empty';
}

/** True when the model refused to answer, for safety reasons. */
export function isBlockedAnswer(error: unknown): boolean {
  return error instanceof ServerFailure && error.code === 'answer-blocked';
}
