/** A server that is attacked: who solves its challenge gets the model's answers, every other client the book's sentences. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { askServer, type ChatReply } from '../server/reference-client.ts';
import { runBundle, type BundleProcess } from '../server/running-bundle.ts';
import { sampleSections } from '../server/sample-sections.ts';
import { untilHealth } from '../server/start-server.ts';
import { startVendors, writeBook, type Vendors } from '../server/vendors.ts';

let vendors: Vendors;
let server: BundleProcess;

beforeAll(async () => {
  vendors = await startVendors();
  await writeBook(vendors, sampleSections);
  server = await runBundle(vendors.environment);
  await untilHealth(server.url, 'healthy');
});
afterAll(async () => {
  await server.close();
  await vendors.close();
});

let number = 0;

function ask(headers: Record<string, string> = {}): Promise<ChatReply> {
  number += 1;
  const address = `198.${number & 127}.${number >> 7}.7`;
  const message = `How far does lidar number ${number} measure?`;
  return askServer(server.url, { message }, { headers: { 'x-forwarded-for': address, ...headers } });
}

function solve(challenge: string): string {
  const bits = Number(challenge.split('.')[0]);
  for (let at = 0; ; at += 1) {
    const hash = createHash('sha256').update(`${challenge}:${at}`).digest().readUInt32BE();
    if (hash >>> (32 - bits) === 0) return `${challenge}:${at}`;
  }
}

const challengeOf = ({ response }: ChatReply): string | null => response.headers.get('x-proof-challenge');
const strategiesOf = ({ events }: ChatReply): unknown => events[0]?.['rungs'];

test('a challenge comes with an attack, and its solution brings the model back', async () => {
  expect(challengeOf(await ask())).toBeNull();
  // A busy machine takes longer than the server's window of ten seconds for so many: then they are no attack yet.
  let challenged = 0;
  for (let wave = 0; wave < 6 && challenged <= 40; wave += 1) {
    const replies = await Promise.all(Array.from({ length: 250 * (wave + 1) }, () => ask()));
    challenged = replies.filter((reply) => challengeOf(reply) !== null).length;
  }
  expect(challenged).toBeGreaterThan(40);
  const refusedModel = await ask();
  expect(strategiesOf(refusedModel)).toEqual(['lexical', 'extractive']);
  expect(refusedModel.text).toContain('twelve metres');
  const solution = solve(challengeOf(refusedModel)!);
  const solved = await ask({ 'x-proof-solution': solution });
  expect(strategiesOf(solved)).toEqual(['hybrid']);
  expect(challengeOf(solved)).not.toBeNull();
  expect(strategiesOf(await ask({ 'x-proof-solution': solution }))).toEqual(['lexical', 'extractive']);
});
