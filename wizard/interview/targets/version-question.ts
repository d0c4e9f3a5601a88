import { firstVersion } from '../../deployment/book/selection-of.ts';
import { siteVersions, type SiteVersion } from '../../deployment/book/site-versions.ts';
import type { Choice } from '../../model/question.ts';
import type { Session } from '../../model/runtime.ts';
import type { Resource } from '../fact-store.ts';
import type { FlowQuestion } from '../flow.ts';
import { withAnswers, type InterviewState } from '../interview-state.ts';

/** Of the docs plugins that have more than the version that readers see first. */
export type VersionState = { versions?: readonly SiteVersion[] };
type VersionedBookState = InterviewState & VersionState & { book?: { docsDir: string | null } };

/** The site's versions, where a person can be asked which of them are wanted. */
export function versionsResource<S extends VersionedBookState>({ runtime }: Session): Resource<S> {
  return {
    id: 'book-versions',
    key: ({ isInteractive, book, answers, asked: askedNames }) => {
      const isGiven = answers.BOOK_VERSIONS !== undefined && !askedNames.includes('BOOK_VERSIONS');
      return isInteractive && book?.docsDir != null && !isGiven ? [book.docsDir] : null;
    },
    load: async ({ book }) => {
      const { signal } = runtime;
      const versions: VersionState['versions'] = await siteVersions({ dir: book?.docsDir ?? '.', signal });
      return { versions } as Partial<S>;
    },
  };
}

/** More would not fit on a small screen; the rest is named with `--versions`. */
const mostOffered = 4;

/** Which versions the assistant knows, of a book with several. */
export function versionQuestion<S extends VersionedBookState>(options: {
  isNeeded?(state: S): boolean;
  after: readonly string[];
}): FlowQuestion<S> {
  const { isNeeded = () => true, after } = options;
  return {
    id: 'book-versions',
    after: [...after, 'book-location', 'book-versions'],
    isOpen: (state) => isNeeded(state) && isVersionOpen(state),
    prompt: ({ versions = [] }) => ({
      type: 'choice',
      name: 'book-versions',
      title: 'Which versions does the assistant know?',
      lines: [
        'A reader is answered from the version of the page. One that is not indexed is answered from the first,',
        'and each that is costs embedding calls; the plan says how many.',
      ],
      choices: choicesFor(versions),
    }),
    answer: (state, reply) =>
      reply.type === 'choice'
        ? withAnswers(state, {
            entered: { BOOK_VERSIONS: { value: reply.value, source: 'chosen', cleaned: [] } },
            refusals: {},
          })
        : state,
  };
}

/** Whether the choice is still to be made. */
export function isVersionOpen({
  isInteractive,
  answers,
  versions = [],
}: Pick<InterviewState, 'isInteractive' | 'answers'> & VersionState): boolean {
  return isInteractive && answers.BOOK_VERSIONS === undefined && others(versions).length > 0;
}

function others(versions: readonly SiteVersion[]): SiteVersion[] {
  return versions.filter(({ isFirst }) => !isFirst);
}

function choicesFor(versions: readonly SiteVersion[]): Choice[] {
  const first = versions.filter(({ isFirst }) => isFirst);
  const more = others(versions);
  const names = first.map(({ label }) => label).join(', ');
  const only: Choice = { value: firstVersion, label: `Only ${names}`, note: pages(first) };
  const each = more.slice(0, mostOffered).map((version): Choice => ({
    value: version.name,
    label: `${names} and ${version.label}`,
    note: `${pages([version])} more`,
  }));
  const all: Choice = { value: 'all', label: 'Every version', note: `${pages(more)} more` };
  return more.length > 1 ? [only, ...each, all] : [only, ...each];
}

function pages(versions: readonly SiteVersion[]): string {
  const count = versions.reduce((sum, version) => sum + version.pages, 0);
  return `${count} page${count === 1 ? '' : 's'}`;
}
