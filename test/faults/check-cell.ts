import { expect } from 'vitest';
import { serviceTitles, type Service } from '../../wizard/model/service.ts';
import { kinds, type Cell } from './matrix.ts';
import type { FaultHarness } from './fault-harness.ts';

/**
 * The exit codes that a kind may end with: 1 failed, 3 a key was rejected, 4 the vendor was not reached. A check that
 * gets an answer which says nothing of the key ends with 4 as well.
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

/** What a deployment can do without: a run that gets no answer may go on. */
const optionalCalls: Partial<Record<Cell['call'], readonly Cell['kind'][] | 'all'>> = {
  'hub.logs': 'all',
  'hub.organization': 'all',
  'hub.secrets': ['404'],
  'hub.variables': ['404'],
  'hub.tree': ['404'],
  // A busy model is no bad key.
  'gemini.embedContent': ['429', '429 with Retry-After'],
  'gemini.generateContent': ['429', '429 with Retry-After'],
  // Whether the key may write, and what the token may do, is asked for the person's sake.
  'qdrant.delete': 'all',
  'vercel.token': 'all',
  // A token of one project or team may read neither.
  'vercel.teams': ['403', '404'],
  'vercel.user': ['403', '404'],
  'qdrant.create-collection': ['409'],
  'qdrant.create-index': ['409'],
};

function mayContinue({ call, kind }: Cell): boolean {
  const without = optionalCalls[call];
  return without === 'all' || (without?.includes(kind) ?? false);
}

/** A Space is Hugging Face’s and nobody else’s; the page is the person’s own, and its fault is not the vendor’s. */
const serviceNames: Partial<Record<Service, RegExp>> = {
  huggingface: /Hugging Face|\bSpace\b/,
  vercel: /Vercel|\bthe page\b/,
};

function serviceName(service: Service): RegExp {
  return serviceNames[service] ?? new RegExp(serviceTitles[service]);
}

/** One fault from beginning to end: the run ends in words, and a plain run afterwards succeeds. */
export async function checkCell(stage: FaultHarness, cell: Cell, n: number): Promise<void> {
  stage.addFault(cell.call, kinds[cell.kind]);
  const { events, finished } = await stage.deploy(n);
  stage.clearFaults();
  const types = events.map(({ type }) => type);
  expect(types.filter((type) => type === 'run-finished')).toHaveLength(1);
  expect(types.at(-1)).toBe('run-finished');
  const said = JSON.stringify(events);
  expect(said).not.toMatch(/\\n +at |\bat (?:async )?[\w.<>]+ \(|\bat file:/);
  if (finished.ok) {
    expect(mayContinue(cell), `it went on without ${cell.call}`).toBe(true);
    expect(finished.deployment?.health).toBe('healthy');
    return;
  }
  const { failure } = finished;
  const told = JSON.stringify(failure);
  expect(exitCodesOf[cell.kind], told).toContain(finished.exitCode);
  expect(failure?.service, told).not.toBeNull();
  expect(`${failure?.message} ${failure?.remedy}`, told).toMatch(
    serviceName(failure?.service ?? 'huggingface'),
  );
  expect(failure?.remedy.length, told).toBeGreaterThan(10);
  // Nothing was begun: a run afterwards is a first one.
  if (!types.includes('step-started')) return;
  const again = await stage.deploy(n);
  expect(again.finished, JSON.stringify(again.finished.failure)).toMatchObject({ ok: true, exitCode: 0 });
}
