import { ServerFailure } from '../../failure.ts';

/**
 * Asks for as much as is wanted, and again for what the cluster allows where strict mode names a smaller limit. Resolves
 * with the size that went through, to go on with. Rethrows every other failure.
 */
export async function withinLimit<T>(
  wanted: number,
  call: (size: number) => Promise<T>,
): Promise<{ size: number; result: T }> {
  try {
    return { size: wanted, result: await call(wanted) };
  } catch (error) {
    const limit = error instanceof ServerFailure ? error.limit : undefined;
    if (limit === undefined || limit < 1 || limit >= wanted) throw error;
    return { size: limit, result: await call(limit) };
  }
}
