import { afterEach, beforeEach, expect, it } from 'vitest';
import type { VercelClient } from '../../../wizard/clients/vercel-client.ts';
import {
  targetsOf,
  type FrontendVariable,
  type VercelTarget,
} from '../../../wizard/clients/vercel-schemas.ts';
import { vercelOf } from '../../../wizard/deployment/context.ts';
import type { RunContext } from '../../../wizard/deployment/context.ts';
import { createdResources } from '../../../wizard/model/run/created-resources.ts';
import { setFrontendVariable } from '../../../wizard/steps/set-frontend-variable.ts';
import { undoFrontendVariable } from '../../../wizard/steps/undo/undo-frontend-variable.ts';
import type { UndoAction } from '../../../wizard/steps/undo/undo-action.ts';
import { memoryJournal, startSandboxServices, take, type SandboxServices } from './sandbox-services.ts';

const key = 'REACT_APP_API_BASE_URL';
const old = 'https://old.example.com';
let world: SandboxServices;
beforeEach(async () => {
  world = await startSandboxServices();
});
afterEach(() => world.close());

type Variable = { value: string; type: string; target: VercelTarget[] };
const shape = (variable: FrontendVariable): unknown => [
  targetsOf(variable).toSorted(),
  variable.type,
  variable.type === 'sensitive' ? null : variable.value,
];

async function setByHand({ credentials, target }: RunContext, variables: readonly Variable[]): Promise<void> {
  const { apiUrl, token } = credentials.vercel;
  for (const variable of variables)
    await fetch(`${apiUrl}/v10/projects/${target.projectId}/env`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token.reveal()}`, 'content-type': 'application/json' },
      body: JSON.stringify({ key, ...variable }),
    });
}

/** Deploys beside these variables, and looks at what undo would do. */
async function deployed(variables: readonly Variable[], frontendTargets: VercelTarget[] = ['production']) {
  const journal = memoryJournal();
  const settings = { apiUrl: 'https://api.example.com', frontendTargets };
  const context = world.context({ journal, settings });
  const vercel = vercelOf(context);
  const project = context.target.projectId ?? '';
  await setByHand(context, variables);
  const before = (await vercel.variables(project)).map(shape);
  const { error, plan } = await take(context, setFrontendVariable);
  expect(error).toBeNull();
  return { context, journal, vercel, project, before, plan };
}

async function undo({
  context,
  journal,
  project,
}: Awaited<ReturnType<typeof deployed>>): Promise<UndoAction[]> {
  const { http, signal, credentials } = context;
  const target = {
    id: project,
    name: 'sample-book',
    teamId: null,
    teamSlug: null,
    accountId: '',
    framework: null,
  };
  const actions = await Promise.all(
    createdResources(journal.entries).map((resource) =>
      undoFrontendVariable({ http, signal }, { resource, project: target, credential: credentials.vercel }),
    ),
  );
  for (const { run } of actions.flat()) await run?.();
  return actions.flat();
}

const shapes = async (vercel: VercelClient, project: string): Promise<unknown[]> =>
  (await vercel.variables(project)).map(shape);

it.each<[string, Variable[], VercelTarget[]]>([
  [
    'one for all environments',
    [{ value: old, type: 'plain', target: ['production', 'preview', 'development'] }],
    ['production'],
  ],
  [
    'the same, wired for previews too',
    [{ value: old, type: 'plain', target: ['production', 'preview', 'development'] }],
    ['production', 'preview'],
  ],
  [
    'one for each environment',
    [
      { value: old, type: 'plain', target: ['production'] },
      { value: 'https://preview.example.com', type: 'plain', target: ['preview'] },
      { value: 'http://localhost:8000', type: 'plain', target: ['development'] },
    ],
    ['production', 'preview', 'development'],
  ],
  ['an encrypted one', [{ value: old, type: 'encrypted', target: ['production'] }], ['production']],
  [
    'a sensitive one that previews share, whose value no one can read',
    [{ value: old, type: 'sensitive', target: ['production', 'preview'] }],
    ['production'],
  ],
  [
    'one that looks like a secret and that previews share',
    [{ value: 'https://a:pass-word-of-a@old.example.com', type: 'plain', target: ['production', 'preview'] }],
    ['production'],
  ],
  ['none', [], ['production', 'preview']],
])('brings back what was there: %s', async (_, variables, targets) => {
  const run = await deployed(variables, targets);
  expect(await shapes(run.vercel, run.project)).not.toEqual(run.before);
  await undo(run);
  expect((await shapes(run.vercel, run.project)).toSorted()).toEqual(run.before.toSorted());
});

it('brings the rest back when it was cut between the two writes', async () => {
  const run = await deployed([{ value: old, type: 'plain', target: ['production', 'preview'] }]);
  world.faults.add({ call: 'vercel.edit-env', kind: { type: 'status', status: 400 }, times: 1 });
  await expect(undo(run)).rejects.toThrow();
  await undo(run);
  expect(await shapes(run.vercel, run.project)).toEqual(run.before);
});

it('names before and after the run what it cannot bring back', async () => {
  const run = await deployed([{ value: old, type: 'sensitive', target: ['production'] }]);
  expect(run.plan.change.what).toContain('undo does not bring back');
  const [action] = await undo(run);
  expect(action).toMatchObject({ run: null, what: expect.stringContaining('does not come back') });
});

it('leaves alone a shared variable that its owner changed since', async () => {
  const run = await deployed([{ value: old, type: 'plain', target: ['production', 'preview'] }]);
  const [shared] = (await run.vercel.variables(run.project)).filter(({ value }) => value === old);
  await run.vercel.upsertVariable(run.project, {
    key,
    value: 'https://new.example.com',
    type: 'plain',
    target: 'preview',
    comment: '',
  });
  expect(shared).toBeDefined();
  await undo(run);
  expect((await shapes(run.vercel, run.project)).toSorted()).toEqual([
    [['preview'], 'plain', 'https://new.example.com'],
    [['production'], 'plain', old],
  ]);
});
