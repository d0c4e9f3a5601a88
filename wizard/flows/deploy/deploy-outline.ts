import { isAbsolute, relative } from 'node:path';
import type { OutlineParts } from '../../interview/outline.ts';
import { withCreated } from '../../interview/provisioning/create-postgres.ts';
import { targetsIn } from '../../interview/targets/target-questions.ts';
import type { Session } from '../../model/runtime.ts';
import type { DeployState } from './deploy-state.ts';
import { requiredServices } from './required-services.ts';

/** What the screen shows of the keys and targets. */
export function deployOutline(session: Session): OutlineParts<DeployState> {
  const project = (state: DeployState): string | null => targetsIn(session, state).project?.name ?? null;
  return {
    servicesIn: ({ hosting }) => requiredServices({ ...session.flags, hosting }),
    createdIn: withCreated,
    keptIn: ({ existingSecrets }) => existingSecrets?.services ?? [],
    targetsIn: (state) => ({
      project: state.vercel?.verdict === 'accepted' ? project(state) : null,
      Space: state.answers.HF_SPACE?.value,
      book: fromHere(session.runtime.cwd, state.book?.docsDir ?? null),
    }),
  };
}

/** A folder below the working folder by its path from there; a site's address and any other folder as they are. */
function fromHere(cwd: string, location: string | null): string | null {
  if (location === null || !isAbsolute(location)) return location;
  const path = relative(cwd, location);
  if (path === '') return 'this folder';
  return path.startsWith('..') || isAbsolute(path) ? location : path;
}
