import { afterAll, beforeAll, expect, test } from 'vitest';
import { askServer } from '../../reference-client.ts';
import { sampleSections } from '../../sample-sections.ts';
import { startServer } from '../../start-server.ts';
import { startVendors, writeBook, type Vendors } from '../../vendors.ts';

let vendors: Vendors;

beforeAll(async () => {
  vendors = await startVendors();
  await writeBook(vendors, sampleSections);
});
afterAll(() => vendors.close());

test('metrics count answers, responses, tokens and states, and hold no text and no address', async () => {
  const server = await startServer({ ...vendors, options: { hasMetrics: true } });
  const conversation = 'my-own-name-of-it';
  const question = { message: 'How far does a small lidar measure?', session_id: conversation };
  const { text } = await askServer(server.url, question);
  vendors.faults.add({ call: 'gemini.streamGenerateContent', kind: { type: 'status', status: 503 } });
  await askServer(server.url, { message: 'How is a PID controller tuned?' });
  const response = await fetch(`${server.url}/metrics`);
  const metrics = await response.text();
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(metrics).toContain('chat_answers_total{end="done"} 2\n');
  expect(metrics).toContain(`chat_strategies_total{strategy="extractive"} 1\n`);
  expect(metrics).toMatch(/^http_responses_total\{code="200"\} \d+$/m);
  expect(metrics).toMatch(/^chat_first_token_seconds_count 2$/m);
  expect(metrics).toMatch(/^model_tokens_total\{direction="output"\} [1-9]\d*$/m);
  expect(metrics).toMatch(/^circuit_breaker_open\{service="postgres"\} 0$/m);
  expect(metrics).toMatch(/^event_loop_delay_seconds\{quantile="0.99"\} [\d.e-]+$/m);
  expect(metrics).toMatch(/^messages_lost_total 0$/m);
  for (const line of metrics.trim().split('\n'))
    expect(line).toMatch(/^(?:# (?:HELP|TYPE) \w+ .+|\w+(?:\{\w+="[^"]*"\})? [\d.e+-]+)$/);
  for (const secret of [text.slice(0, 20), 'lidar', conversation, '127.0.0.1'])
    expect(metrics).not.toContain(secret);
  await server.close();
});

test('without the setting there are none', async () => {
  const server = await startServer(vendors);
  expect((await fetch(`${server.url}/metrics`)).status).toBe(404);
  await server.close();
});
