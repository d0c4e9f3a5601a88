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

/** In the order in which they run. */
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
