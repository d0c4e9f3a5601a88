import { expect } from 'vitest';
import { serviceTitles, type Service } from '../../wizard/model/service.ts';
import { createCalls, kinds, vendorOf, type Cell } from './matrix.ts';
import type { FaultHarness, HarnessRun } from './fault-harness.ts';

/**
 * Exit codes allowed for each kind: 1 failed, 3 a key was rejected, 4 the vendor was not reached. A check whose
 * response says nothing about the key ends with 4 too.
 */
const exitCodesOf: Record<Cell['kind'], readonly number[]> = {
  '401': [1, 3, 4],
  '403': [1, 3, 4],
  '404': [1, 3, 4],
  '409': [1, 3, 4],
  '429': [1, 4],
  '429 with Retry-After': [1, 4],
  '500': [1, 4],
  'no answer': [1, 4],
  'a cut connection': [1, 4],
  'half a body': [1, 4],
  'HTML instead of JSON': [1, 4],
};

/** Calls that a deployment can do without: it may succeed although they fail. */
const optionalCalls: Partial<Record<Cell['call'], readonly Cell['kind'][] | 'all'>> = {
  'hub.logs': 'all',
  'hub.organization': 'all',
  'hub.secrets': ['404'],
  'hub.variables': ['404'],
  'hub.tree': ['404'],
  // A busy model says nothing about the key.
  'gemini.embedContent': ['429', '429 with Retry-After'],
  'gemini.generateContent': ['429', '429 with Retry-After'],
  // Only informs the user about the permissions of the key and the token.
  'qdrant.delete': 'all',
  // The calibration's searches: without them the server keeps its own thresholds.
  'qdrant.query': 'all',
  'vercel.token': 'all',
  // A token of a single project or team can read neither.
  'vercel.teams': ['403', '404'],
  'vercel.user': ['403', '404'],
  // The run's own key: it stays noted, and the next run deletes it.
  'qdrant-cloud.delete-key': 'all',
  'qdrant.create-collection': ['409'],
  'qdrant.create-index': ['409'],
};

function mayContinue({ call, kind }: Cell): boolean {
  const without = optionalCalls[call];
  return without === 'all' || (without?.includes(kind) ?? false);
}

/** Names of a service in messages: a Space is Hugging Face’s, and the page is the user’s own site. */
const serviceNames: Partial<Record<Service, RegExp>> = {
  huggingface: /Hugging Face|\bSpace\b/,
  vercel: /Vercel|\bthe page\b/,
};

/** Vendors that are none of the services. */
const creatorNames: Partial<Record<string, RegExp>> = { neon: /Neon/ };

function serviceName(service: Service): RegExp {
  return serviceNames[service] ?? new RegExp(serviceTitles[service]);
}

/** Runs a deployment with a fault: it ends with a readable failure, and a run without the fault succeeds. */
export async function checkCell(harness: FaultHarness, cell: Cell, n: number): Promise<void> {
  const isCreating = (createCalls as readonly string[]).includes(cell.call);
  const deploy = (): Promise<HarnessRun> => (isCreating ? harness.deployCreating(n) : harness.deploy(n));
  harness.addFault(cell.call, kinds[cell.kind]);
  const { events, finished } = await deploy();
  harness.clearFaults();
  const types = events.map(({ type }) => type);
  expect(types.filter((type) => type === 'run-finished')).toHaveLength(1);
  expect(types.at(-1)).toBe('run-finished');
  const text = JSON.stringify(events);
  expect(text).not.toMatch(/\\n +at |\bat (?:async )?[\w.<>]+ \(|\bat file:/);
  if (finished.ok) {
    expect(mayContinue(cell), `it went on without ${cell.call}`).toBe(true);
    expect(finished.deployment?.health).toBe('healthy');
    if (isCreating) await expectOneOfEach(harness, { n, deploy });
    return;
  }
  const { failure } = finished;
  const failureText = JSON.stringify(failure);
  expect(exitCodesOf[cell.kind], failureText).toContain(finished.exitCode);
  expect(failure?.service, failureText).not.toBeNull();
  expect(`${failure?.message} ${failure?.remedy}`, failureText).toMatch(
    creatorNames[vendorOf(cell.call)] ?? serviceName(failure?.service ?? 'huggingface'),
  );
  expect(failure?.remedy.length, failureText).toBeGreaterThan(10);
  if (isCreating) return expectOneOfEach(harness, { n, deploy });
  // No step was started, so another run would be a first one.
  if (!types.includes('step-started')) return;
  const second = await deploy();
  expect(second.finished, JSON.stringify(second.finished.failure)).toMatchObject({ ok: true, exitCode: 0 });
}

/** Run again without the fault, there is one cluster, one project, and the server's key alone. */
async function expectOneOfEach(
  harness: FaultHarness,
  { n, deploy }: { n: number; deploy: () => Promise<HarnessRun> },
): Promise<void> {
  const { finished } = await deploy();
  expect(finished, JSON.stringify(finished.failure)).toMatchObject({ ok: true, exitCode: 0 });
  const { clusters, projects, keys } = harness.created(n);
  expect(clusters).toHaveLength(1);
  expect(projects).toHaveLength(1);
  expect(keys).toEqual([expect.stringContaining('server')]);
}
