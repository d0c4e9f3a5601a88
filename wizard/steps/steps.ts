import { awaitBuild } from './await-build.ts';
import { awaitHealth } from './await-health.ts';
import { createSpace } from './create-space.ts';
import { indexBook } from './index-book.ts';
import { prove } from './prove.ts';
import { redeployFrontend } from './redeploy-frontend.ts';
import { setFrontendVariable } from './set-frontend-variable.ts';
import { setSecrets } from './set-secrets.ts';
import { setVariables } from './set-variables.ts';
import type { StepId } from '../model/run/plan.ts';
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
 * What must have ended before a step begins; what no path joins goes on side by side. The book is indexed while the
 * image is built; health counts only when both are done, and production is pointed at nothing less than a healthy
 * server. The Hub loses settings that are written at the same time, and restarts a Space for each that comes after
 * its files.
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
