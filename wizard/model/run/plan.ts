import type { Service } from '../service.ts';

export const stepIds = [
  'index-book',
  'create-space',
  'set-secrets',
  'set-variables',
  'upload-server',
  'await-build',
  'await-health',
  'set-frontend-variable',
  'redeploy-frontend',
  'prove',
] as const;
export type StepId = (typeof stepIds)[number];

const stepTitles: Record<StepId, string> = {
  'index-book': 'Index the book',
  'create-space': 'Create the Space',
  'set-secrets': 'Set its secrets',
  'set-variables': 'Set its variables',
  'upload-server': 'Upload the server',
  'await-build': 'Wait for the build',
  'await-health': 'Wait for health',
  'set-frontend-variable': 'Set the frontend’s variable',
  'redeploy-frontend': 'Redeploy the frontend',
  prove: 'Prove it from the frontend',
};

/** Of the steps whose words differ where the server is a Vercel Function: nothing is built there. */
const functionTitles: Partial<Record<StepId, string>> = {
  'create-space': 'Create the project',
  'await-build': 'Wait for the deployment',
};

/** A step's title, by the vendor that it is carried out at. */
export function stepTitle({ step, service }: { step: StepId; service: Service | null }): string {
  return (service === 'vercel' ? functionTitles[step] : undefined) ?? stepTitles[step];
}

export const longestStepTitle = Math.max(
  ...[...Object.values(stepTitles), ...Object.values(functionTitles)].map(({ length }) => length),
);

export type ChangeKind = 'new' | 'changes' | 'unchanged' | 'unknown' | 'extra';

export type Change = { step: StepId; service: Service; kind: ChangeKind; what: string };

/** The one resolved place that every write goes to. */
export type Target = {
  /** `owner/name`; null where no Space is touched. */
  space: string | null;
  project: string | null;
  team: string | null;
  environment: 'production';
};

/** The ordered steps of one deployment, computed before anything changes. */
export type Plan = {
  target: Target;
  changes: readonly Change[];
  /** What is public, what is kept, what it uses: a line each. */
  remarks: readonly string[];
  /** How long it takes and what it costs, as `about 6 min`. */
  estimate?: readonly string[];
};
