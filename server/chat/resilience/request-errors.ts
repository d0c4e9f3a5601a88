import { Failure } from '../../failure.ts';

/** Failures that say something of one question and nothing of the service: they open no breaker. */
export function isRequestError(error: unknown): boolean {
  return isBlockedAnswer(error) || (error instanceof Failure && error.code === 'gemini-request-refused');
}

export function isBlockedAnswer(error: unknown): boolean {
  return error instanceof Failure && error.code === 'answer-blocked';
}
