import { bookJsonOf } from '../../deployment/desired-state.ts';
import type { BookContext, SpaceContext } from '../../deployment/context.ts';
import { changedDeploymentId } from '../../deployment/server/changed-deployment-id.ts';
import { hostingOf } from '../../hosting/hosting-of.ts';
import { Failure } from '../../model/failure.ts';
import type { Change } from '../../model/run/plan.ts';
import type { RunnableStep } from '../../run/run-steps.ts';
import { awaitBuild } from '../../steps/await-build.ts';
import { awaitHealth } from '../../steps/await-health.ts';
import { setDeploymentId, uploadBook } from '../../steps/replacement-steps.ts';

/** An indexing run that knows where the server is. */
export type HostedBookContext = BookContext & SpaceContext;

/** The steps that bring the book to its server, after the collection has it. */
export type HostedBook = {
  steps: readonly RunnableStep<HostedBookContext>[];
  changes: readonly Change[];
  remark: string;
};

/** Null where the server needs nothing besides the collection; a Failure where it cannot be reached from here. */
export async function planHostedBook(context: HostedBookContext): Promise<HostedBook | Failure | null> {
  try {
    const book = await hostingOf(context).planBook(() => bookJsonOf(context));
    if (book === null) return null;
    const settings = await hostingOf(context).settings();
    const id = await changedDeploymentId(context, { settings, digest: book.digest });
    const previous = settings.variables['DEPLOYMENT_ID']?.value ?? null;
    const written = [setDeploymentId({ id, previous }), uploadBook(book, id)] as const;
    const { service, noun, label } = hostingOf(context);
    const plans = await Promise.all(written.map((step) => step.inspect(context)));
    return {
      steps: [...written, awaitBuild, awaitHealth],
      changes: [
        ...plans.map(({ change }) => change),
        { step: 'await-build', service, kind: 'changes', what: 'its new deployment' },
        {
          step: 'await-health',
          service,
          kind: 'changes',
          what: 'its server says that it runs with the book',
        },
      ],
      remark: `${noun.replace(/^t/, 'T')} ${label} gets the book too, because it answers from it while Qdrant is away.`,
    };
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}
