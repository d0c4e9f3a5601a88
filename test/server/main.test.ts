/** The bundle as the Space runs it, in its own process. */
import { expect, test } from 'vitest';
import { askServer } from './reference-client.ts';
import { runBundle } from './running-bundle.ts';

/** The health once every service has been checked. */
async function healthOf(url: string): Promise<Record<string, unknown>> {
  for (;;) {
    const response = await fetch(`${url}/api/health`).catch(() => null);
    const body = (await response?.json()) as { status: string } | undefined;
    if (body !== undefined && body.status !== 'starting') return body;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('without its settings it stays up and names them in health, without their values', async () => {
  const { url, output, close } = await runBundle({ GEMINI_API_KEY: 'a-secret', LOG_LEVEL: 'shouting' });
  const health = await healthOf(url);
  expect(health).toMatchObject({
    status: 'unhealthy',
    failed_services: expect.arrayContaining(['qdrant', 'postgres', 'settings']),
    services: {
      qdrant: {
        error: 'QDRANT_URL is missing.',
        recommended_action: expect.stringContaining('Set QDRANT_URL'),
      },
      postgres: { error: 'DATABASE_URL is missing.' },
      settings: { error: 'LOG_LEVEL is invalid.' },
    },
  });
  expect((await fetch(`${url}/api/live`)).status).toBe(200);
  const { events } = await askServer(url, { message: 'What is a lidar?' });
  expect(events.slice(-3)).toMatchObject([
    { type: 'token', content: expect.stringContaining('not fully configured') },
    { type: 'error', code: 'setting-unusable' },
    { type: 'done', sources: [] },
  ]);
  expect(await close()).toBe(0);
  for (const name of ['QDRANT_URL is missing', 'DATABASE_URL is missing', 'LOG_LEVEL is invalid'])
    expect(output()).toContain(name);
  expect(`${output()}${JSON.stringify([health, events])}`).not.toMatch(/a-secret|shouting|^\s+at /m);
});

test('an invalid address is named in health, and an invalid port ends the process', async () => {
  const wrong = {
    GEMINI_API_KEY: 'a',
    GOOGLE_GEMINI_BASE_URL: 'nowhere',
    QDRANT_URL: 'ftp://x',
    DATABASE_URL: 'x',
  };
  const { url, close } = await runBundle(wrong);
  expect(await healthOf(url)).toMatchObject({
    services: {
      gemini: { error: expect.stringContaining('GOOGLE_GEMINI_BASE_URL') },
      qdrant: { error: expect.stringContaining('QDRANT_URL') },
      postgres: { error: expect.stringContaining('DATABASE_URL') },
    },
  });
  await close();
  await expect(runBundle({ PORT: '99999' })).rejects.toThrow('PORT is invalid');
});
