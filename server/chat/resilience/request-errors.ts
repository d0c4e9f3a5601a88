import { ServerFailure } from '../../failure.ts';

/** True for failures caused by one request; they do not open a circuit breaker. */
export function isRequestError(error: unknown): boolean {
  return (
    isBlockedAnswer(error) || (error instanceof ServerFailure && error.code === 'gemini-request-refused')
  );
}

/** True when the model refused to answer, for safety reasons or with an empty answer. */
export function isBlockedAnswer(error: unknown): boolean {
  return error instanceof ServerFailure && error.code === 'answer-blocked';
}
