import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  limitsUntilNow,
  previousPlaceQuestion,
  previousPlacesIn,
  readPreviousPlaces,
  removePreviousPlaces,
  undecidedPlace,
  type PreviousPlaceState,
} from '../../../../../wizard/flows/deploy/previous/previous-place.ts';
import type { RunContext } from '../../../../../wizard/deployment/context.ts';
import { hostingOf } from '../../../../../wizard/hosting/hosting-of.ts';
import type { Answers } from '../../../../../wizard/model/answers.ts';
import { endpointsFrom } from '../../../../../wizard/model/formats/endpoints.ts';
import type { RunEvent } from '../../../../../wizard/model/run/event.ts';
import type { Session } from '../../../../../wizard/model/runtime.ts';
import { openJournal, readJournal } from '../../../../../wizard/run/journal-file.ts';
import { createSpace } from '../../../../../wizard/steps/create-space.ts';
import { startSandboxServices, take, type SandboxServices } from '../../../steps/sandbox-services.ts';

const old = 'ana/book-chat';
let world: SandboxServices;
let stateDir: string;
let context: RunContext;
let events: RunEvent[];

beforeEach(async () => {
  world = await startSandboxServices();
  stateDir = await mkdtemp(join(tmpdir(), 'previous-place-'));
  events = [];
  await take(world.context(), createSpace);
  const journal = await openJournal({ stateDir, space: old });
  const project = world.context().target.projectId ?? '';
  const entry = { step: 'create-space', type: 'done', change: 'created', previous: null } as const;
  await journal.add({ ...entry, thing: 'space', id: old, place: old });
  await journal.add({ ...entry, thing: 'frontend-variable', id: 'API', place: project });
  await journal.add({ ...entry, thing: 'collection', id: 'docusaurus-book', place: 'cluster' });
  await journal.close();
  context = world.context({ space: 'vercel/~ana/book-chat' });
});
afterEach(async () => {
  await world.close();
  await rm(stateDir, { recursive: true, force: true });
});

function session(): Session {
  const { fetch, now, sleep, signal } = context;
  return {
    runtime: { stateDir, fetch, now, sleep, signal },
    emit: (event: RunEvent) => void events.push(event),
  } as unknown as Session;
}

async function read(answers: Answers): Promise<PreviousPlaceState> {
  const { huggingface, vercel } = context.credentials;
  const endpoints = endpointsFrom({ HF_ENDPOINT: huggingface.endpoint, VERCEL_API_URL: vercel.apiUrl });
  const inputs = { http: context.http, endpoints, answers, proposals: {} };
  const previousPlaces = await readPreviousPlaces(session(), { context, inputs, answers });
  return { previousPlaces, placeRemovals: null };
}

const withToken = (): Answers => ({
  HF_TOKEN: { value: context.credentials.huggingface.token, source: 'environment', cleaned: [] },
});

async function isThere(): Promise<boolean> {
  return (await fetch(`${world.hub.url}/api/spaces/${old}`)).status === 200;
}

const question = previousPlaceQuestion<PreviousPlaceState>([]);
const answered = (state: PreviousPlaceState, value: string) =>
  question.answer(state, { type: 'choice', value }) as PreviousPlaceState;

it('offers to remove the place that the book’s pages asked until now, and keeps it by default', async () => {
  const state = await read(withToken());
  expect(question.isOpen(state)).toBe(true);
  const prompt = question.prompt(state);
  expect(prompt).toMatchObject({ title: `What of the server until now, the Space ${old}?` });
  expect(JSON.stringify(prompt)).toContain('The conversations and the collection stay');
  const kept = answered(state, 'keep');
  expect(question.isOpen(kept)).toBe(false);
  expect(previousPlacesIn(kept)).toMatchObject({ removed: [], kept: [{ space: old }] });
});

it('removes it when that is chosen, in its own journal, and nothing else of it', async () => {
  const state = answered(await read(withToken()), 'remove');
  const { removed } = previousPlacesIn(state);
  await removePreviousPlaces(session(), removed);
  expect(await isThere()).toBe(false);
  const { entries } = (await readJournal({ stateDir, space: old })) ?? { entries: [] };
  expect(entries.filter(({ change }) => change === 'removed').map(({ thing }) => thing)).toEqual([
    'space',
    'space',
  ]);
  expect((await read(withToken())).previousPlaces).toEqual([]);
});

it('without its owner’s token is only named, with the command that removes it', async () => {
  const state = await read({});
  expect(undecidedPlace(state)).toBeNull();
  expect(previousPlacesIn(state).kept).toMatchObject([
    { space: old, command: `npx rag-space-setup undo --space ${old}` },
  ]);
  expect(await isThere()).toBe(true);
});

it('hands its limits over to a server on the same database alone, and no retention as one for ever', async () => {
  const hosting = hostingOf(world.context({ space: old }));
  const limits = { CHAT_DAILY_BUDGET: '300', CHAT_RETENTION_DAYS: '0' };
  expect(limitsUntilNow(await read(withToken()))).toEqual(limits);
  await hosting.setVariable({ key: 'CHAT_RETENTION_DAYS', value: '30' });
  expect(limitsUntilNow(await read(withToken()))).toEqual({ ...limits, CHAT_RETENTION_DAYS: '30' });
  expect(limitsUntilNow(await read({}))).toEqual({});
  await hosting.setSecret({ key: 'DATABASE_URL', value: 'postgresql://a:b@another.example/c' });
  expect(limitsUntilNow(await read(withToken()))).toEqual({});
});

it('is not asked about where this place has the book’s pages already', async () => {
  const project = context.target.projectId ?? '';
  const entry = { step: 'set-frontend-variable', type: 'done', change: 'changed', previous: null } as const;
  await context.journal.add({ ...entry, thing: 'frontend-variable', id: 'API', place: project });
  expect((await read(withToken())).previousPlaces).toEqual([]);
});
