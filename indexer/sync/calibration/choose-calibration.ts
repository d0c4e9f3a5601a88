import type { Calibration, Stamp } from '../../../server/collection/stamp.ts';
import { ServerFailure } from '../../../server/failure.ts';
import type { Book } from '../../book.ts';
import { recipesMatch } from '../diff-book.ts';
import { createRateLimiter } from '../rate-limiter.ts';
import { builtInQuestions, learnCalibration, type CalibrationRequest } from './learn-calibration.ts';

/** A book that grew or shrank by more than this share is learnt again. */
const largeChange = 0.25;

/**
 * The calibration for the stamp: the one before as long as model and size fit, else a new one. A failing service costs
 * the calibration, not the indexing: the next change of the book learns it.
 */
export async function* chooseCalibration(
  request: Omit<CalibrationRequest, 'sections' | 'rateLimiter'> & { book: Book; now: () => number },
  { before, after, withoutVector }: { before: Stamp | null; after: Stamp; withoutVector: number },
): AsyncGenerator<string, Pick<Stamp, 'calibration'>> {
  const isSameModel = before !== null && recipesMatch(before, after);
  const last = isSameModel ? (before.calibration ?? null) : null;
  const { sections } = request.book;
  const keepsLast = last !== null && fits(last, sections.length);
  const calibration =
    keepsLast || withoutVector > 0
      ? last
      : ((yield* learnOrSkip({
          ...request,
          sections,
          rateLimiter: createRateLimiter({ now: request.now }),
        })) ?? last);
  return calibration === null ? {} : { calibration };
}

async function* learnOrSkip(request: CalibrationRequest): AsyncGenerator<string, Calibration | null> {
  try {
    return yield* learnCalibration(request);
  } catch (error) {
    request.signal.throwIfAborted();
    if (error instanceof ServerFailure) return null;
    throw error;
  }
}

function fits({ questions, sections }: Calibration, current: number): boolean {
  return questions !== builtInQuestions || Math.abs(current - sections) <= largeChange * sections;
}
