/** Each service up and down, in every combination: at the start, later, and while an answer is written. */
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { askServer } from './reference-client.ts';
import { sampleSections } from './sample-sections.ts';
import { portsOf, startServer, untilHealth, type RunningServer } from './start-server.ts';
import { answerStreams, soon, stampOf, startVendors, writeBook, type Vendors } from './vendors.ts';

type Service = 'qdrant' | 'gemini' | 'postgres';
const services: readonly Service[] = ['qdrant', 'gemini', 'postgres'];
const combinations = Array.from({ length: 8 }, (_, bits) =>
  services.filter((_service, at) => bits & (1 << at)),
);
const question = { message: 'How far does a small lidar measure?' };

let vendors: Vendors;
let server: RunningServer | null = null;

beforeAll(async () => {
  vendors = await startVendors();
  await writeBook(vendors, sampleSections);
});
afterAll(() => vendors.close());
afterEach(async () => {
  vendors.faults.clear();
  vendors.gemini.controls['script']!(null);
  await server?.close();
  server = null;
});

async function takeDown(down: readonly Service[]): Promise<void> {
  for (const cloud of down) {
    if (cloud === 'postgres') await vendors.postgres.stop();
    else vendors.faults.add({ call: `${cloud}.*`, kind: { type: 'cut' } });
  }
}

async function bringBack(down: readonly Service[]): Promise<void> {
  vendors.faults.clear();
  if (down.includes('postgres') && !vendors.postgres.up()) await vendors.postgres.start();
}

function start(healthy: boolean): Promise<RunningServer> {
  // On a busy machine Qdrant may be slow, and the bundled book would be used instead.
  const book = healthy ? null : { stamp: stampOf(sampleSections), sections: sampleSections };
  const { environment } = vendors;
  const ports = { ...portsOf(environment), readBundledBook: () => Promise.resolve(book) };
  return startServer({ environment, ports, healthy });
}

/**
 * `[role, content]` of the rows in the database, once no message is pending. Read directly, because the server
 * would also return pending messages; none may have been dropped.
 */
async function stored(url: string, id: string): Promise<[string, string][]> {
  for (;;) {
    const health = (await (await fetch(`${url}/api/health`)).json()) as {
      services?: { postgres: { waiting: number; lost: number } };
    };
    expect(health.services?.postgres.lost ?? 0).toBe(0);
    const rows = await rowsOf(id);
    if (health.services?.postgres.waiting === 0 && rows.length >= 2) return rows;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function rowsOf(id: string): Promise<[string, string][]> {
  const client = new Client({ connectionString: vendors.postgres.url });
  // The database goes down in these tests, so a broken connection is opened again.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ role: string; content: string }>(
      'select role, content from messages where conversation_id = $1 order by created_at, role desc',
      [id],
    );
    return rows.map(({ role, content }) => [role, content]);
  } catch {
    return [];
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The strategies that the answer reports. */
const rungsOf = (down: readonly Service[], { start }: { start: boolean }): string[] => [
  down.includes('qdrant') || down.includes('gemini') ? 'lexical' : 'hybrid',
  ...(start && down.includes('qdrant') ? ['bundled-book'] : []),
  ...(down.includes('gemini') ? ['extractive'] : []),
];

const statusOf = (down: readonly Service[]): string => {
  if (down.length === 0) return 'healthy';
  return down.includes('qdrant') && down.includes('postgres') ? 'unhealthy' : 'degraded';
};

const namedCombinations = combinations.map(
  (down) => [down.length === 0 ? 'nothing' : down.join(', '), down] as const,
);

test.each(namedCombinations)('down at the start: %s', async (_name, down) => {
  await takeDown(down);
  try {
    server = await start(down.length === 0);
    const { text, sources, events } = await askServer(server.url, question);
    expect(text).toContain('twelve metres');
    expect(sources[0]?.['url']).toBe('/docs/sensors/lidar#range');
    expect(text).toContain('[Source 1]');
    expect(events[0]!['rungs']).toEqual(rungsOf(down, { start: true }));
    expect(await untilHealth(server.url, statusOf(down))).toMatchObject(
      down.length === 0
        ? {}
        : { failed_services: services.filter((cloud) => down.includes(cloud)).sort(byReport) },
    );
    await bringBack(down);
    expect(await stored(server.url, events[0]!.conversation_id!)).toEqual([
      ['user', question.message],
      ['assistant', text],
    ]);
  } finally {
    await bringBack(down);
  }
});

test.each(namedCombinations)('down later: %s', async (_name, down) => {
  server = await start(true);
  await takeDown(down);
  const { text, sources, events } = await askServer(server.url, question).finally(() => bringBack(down));
  expect(text).toContain('twelve metres');
  expect(text).toContain('[Source 1]');
  expect(sources[0]?.['url']).toBe('/docs/sensors/lidar#range');
  expect(events[0]!['rungs']).toEqual(rungsOf(down, { start: false }));
  const messages = await stored(server.url, events[0]!.conversation_id!);
  expect(messages).toEqual([
    ['user', question.message],
    ['assistant', text],
  ]);
});

test.each(namedCombinations)('down while an answer is written: %s', async (_name, down) => {
  server = await start(true);
  const script: [string, unknown][] = [
    ['pieces', ['Twelve ', 'metres.']],
    ['delayMs', 100],
  ];
  if (down.includes('gemini')) script.push(['then', 'cut']);
  vendors.gemini.controls['script']!(Object.fromEntries(script));
  const reply = askServer(server.url, question);
  await expect.poll(() => answerStreams(vendors).open, soon).toBeGreaterThan(0);
  await takeDown(down.filter((cloud) => cloud !== 'gemini'));
  const { text, events } = await reply.finally(() => bringBack(down));
  expect(text).toContain('Twelve metres.');
  const ending = down.includes('gemini') ? ['token', 'error', 'done'] : ['token', 'done'];
  expect(events.slice(-ending.length).map(({ type }) => type)).toEqual(ending);
  const messages = await stored(server.url, events[0]!.conversation_id!);
  expect(messages).toEqual([
    ['user', question.message],
    ['assistant', 'Twelve metres.'],
  ]);
});

/** The order of services in health. */
function byReport(a: Service, b: Service): number {
  const order: readonly Service[] = ['qdrant', 'postgres', 'gemini'];
  return order.indexOf(a) - order.indexOf(b);
}
