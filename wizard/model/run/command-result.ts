import type { Deployment } from './event.ts';

/** What a command leaves behind: the deployment, where there is one, and an exit code other than that of a failure. */
export type CommandResult = { deployment: Deployment | null; exitCode: number };
