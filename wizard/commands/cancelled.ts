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
