import type { Session } from '../../model/runtime.ts';
import { retryableFailure } from '../retryable-failure.ts';

/** Services of which something can be made for the user. */
export type CreatedService = 'qdrant' | 'postgres';

/** How often each was to be made before. */
export type CreationAttempts = Readonly<Record<CreatedService, number>>;

/** A failure to make something as a fact, where the user can be asked about it; throws any other. */
export async function orNotCreated<S extends { isInteractive: boolean }>(
  session: Session,
  options: {
    state: S;
    field: 'qdrantNotCreated' | 'postgresNotCreated';
    load: () => Promise<Partial<S>>;
  },
): Promise<Partial<S>> {
  const { state, field, load } = options;
  try {
    return await load();
  } catch (error) {
    const failure = retryableFailure(session, { isInteractive: state.isInteractive, error });
    if (failure === null) throw error;
    return { [field]: failure } as Partial<S>;
  }
}
