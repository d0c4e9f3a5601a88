import type { Calibration, Stamp } from '../../../server/collection/stamp.ts';
import { ServerFailure } from '../../../server/failure.ts';
import type { Book } from '../../book.ts';
import { recipesMatch } from '../diff-book.ts';
import { firstEdition } from './first-edition.ts';
import { createRateLimiter } from '../rate-limiter.ts';
import { builtInQuestions, learnCalibration, type CalibrationRequest } from './learn-calibration.ts';
import { likenessOf } from './text-sample.ts';

/** A book that grew or shrank by more than this share is learnt again, and so is one of which as much was rewritten. */
const largeChange = 0.25;
/** Of the texts of both books, as many are in both when that share was rewritten. */
const leastLikeness = (1 - largeChange) / (1 + largeChange);

/**
 * The calibration for the stamp: the one before as long as model, size and `sample` fit, else a new one. A failing service costs
 * the calibration, not the indexing: the next change of the book learns it.
 */
export async function* chooseCalibration(
  request: Omit<CalibrationRequest, 'sections' | 'within' | 'rateLimiter'> & {
    book: Book;
    now: () => number;
  },
  {
    before,
    after,
    sample,
    withoutVector,
  }: { before: Stamp | null; after: Stamp; sample: string[]; withoutVector: number },
): AsyncGenerator<string, Pick<Stamp, 'calibration'>> {
  const isSameModel = before !== null && recipesMatch(before, after);
  const last = isSameModel ? (before.calibration ?? null) : null;
  const { sections, within } = firstEdition(request.book);
  const keepsLast = last !== null && fits(last, { sections: sections.length, sample });
  const calibration =
    keepsLast || withoutVector > 0
      ? last
      : ((yield* learnOrSkip(
          { ...request, sections, within, rateLimiter: createRateLimiter({ now: request.now }) },
          sample,
        )) ?? last);
  return calibration === null ? {} : { calibration };
}

async function* learnOrSkip(
  request: CalibrationRequest,
  sample: string[],
): AsyncGenerator<string, Calibration | null> {
  try {
    const learnt = yield* learnCalibration(request);
    return learnt === null ? null : { ...learnt, sample };
  } catch (error) {
    request.signal.throwIfAborted();
    if (error instanceof ServerFailure) return null;
    throw error;
  }
}

function fits(
  { questions, sections, sample }: Calibration,
  current: { sections: number; sample: readonly string[] },
): boolean {
  if (questions !== builtInQuestions) return true;
  if (Math.abs(current.sections - sections) > largeChange * sections) return false;
  return sample === undefined || likenessOf(sample, current.sample) >= leastLikeness;
}
