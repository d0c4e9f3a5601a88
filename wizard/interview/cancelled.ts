import { Failure } from '../model/failure.ts';

/** A person, or a signal, ended the run before anything was changed. */
export function cancelledEarly(): Failure {
  return new Failure({
    kind: 'cancelled',
    code: 'cancelled',
    message: 'Cancelled; nothing was changed.',
    remedy: 'Run npx rag-space-setup again whenever you like.',
  });
}

/** A person ended the run where a step had failed: what was made until then stands. */
export function cancelledLate(cause: unknown): Failure {
  return new Failure({
    kind: 'cancelled',
    code: 'cancelled',
    message: 'Cancelled; what was made stands.',
    remedy: 'Run the same command again: it goes on from what stands.',
    cause,
  });
}
