import type { StepId } from '../model/run/plan.ts';
import { awaitBuild } from './await-build.ts';
import { awaitHealth } from './await-health.ts';
import { createSpace } from './create-space.ts';
import { indexBook } from './index-book.ts';
import { prove } from './prove.ts';
import { redeployFrontend } from './redeploy-frontend.ts';
import { setFrontendVariable } from './set-frontend-variable.ts';
import { setSecrets } from './set-secrets.ts';
import { setVariables } from './set-variables.ts';
import type { Step } from './step.ts';
import { uploadServer } from './upload-server.ts';

/** In the order in which they are shown. */
export const steps: readonly Step[] = [
  indexBook,
  createSpace,
  setSecrets,
  setVariables,
  uploadServer,
  awaitBuild,
  awaitHealth,
  setFrontendVariable,
  redeployFrontend,
  prove,
];

/**
 * What must have ended before a step begins; steps that no path connects run side by side. The book is indexed while
 * the image is built; health counts only when both are done, and production is pointed only at a healthy server. The
 * settings come one after the other, because the Hub loses parallel writes, and before the files, because every
 * setting that changes after them restarts the Space.
 */
export const stepDependencies: Readonly<Record<StepId, readonly StepId[]>> = {
  'index-book': [],
  'create-space': [],
  'set-secrets': ['create-space'],
  'set-variables': ['set-secrets'],
  'upload-server': ['set-variables'],
  'await-build': ['upload-server'],
  'await-health': ['index-book', 'await-build'],
  'set-frontend-variable': ['await-health'],
  'redeploy-frontend': ['set-frontend-variable'],
  prove: ['redeploy-frontend'],
};
