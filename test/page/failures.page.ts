import { expect, test } from 'vitest';
import { findBarriers } from './find-barriers.ts';
import { useStage } from './use-stage.ts';
import type { Stage } from './stage.ts';

const question = 'How is the wind sensor mounted?';
const { stage, open, ask, answered, still } = useStage();

test('an answer can be stopped, and the question asked again', async () => {
  stage().vendors.gemini.controls['script']!({ pieces: ['One ', 'two '], ending: 'hang', delayMs: 50 });
  const { frame } = await open();
  await ask(question);
  await frame.waitForFunction(() => document.querySelector('.answer .text')?.textContent?.includes('two'));
  await frame.click('#stop');
  await answered();
  expect(await frame.textContent('.answer .text')).toMatch(/One two\s*Stopped\./);
  stage().vendors.gemini.controls['script']!(null);
  await frame.click('.failed button');
  await frame.waitForSelector('.answer >> nth=1 >> h2');
});

test.each<[string, (stage: Stage) => void, RegExp]>([
  [
    'broken-off',
    ({ vendors }) => vendors.gemini.controls['script']!({ pieces: ['One '], ending: 'cut' }),
    /One\s+The assistant cannot answer just now/,
  ],
  [
    'asleep',
    ({ edge }) => {
      edge.instead = ({ method }, response) => {
        if (method === 'POST')
          response.writeHead(503, { 'content-type': 'text/html' }).end('<h1>Sleeping</h1>');
        return method === 'POST';
      };
    },
    /cannot be reached just now/,
  ],
  [
    'unreachable',
    ({ edge }) => {
      edge.instead = ({ method }, response) => {
        if (method === 'POST') response.destroy();
        return method === 'POST';
      };
    },
    /cannot be reached just now/,
  ],
])('a failure is shown as a sentence, and the question can be asked again: %s', async (name, fail, words) => {
  const { frame } = await open();
  fail(stage());
  // The same question within ten minutes would get the answer of the test before.
  await ask(`${question} (${name})`);
  await answered();
  const text = await frame.textContent('.answer .text');
  expect(text).toMatch(words);
  expect(text).not.toMatch(/fetch|Unexpected|JSON|Error|</);
  expect(await frame.textContent('.failed button')).toBe('Ask again');
  await still(`failed-${name}`);
});

test('a service that is down is named in text, not only by colour', async () => {
  const body = {
    status: 'degraded',
    services: {
      qdrant: { status: 'connected' },
      postgres: { status: 'connected' },
      gemini: { status: 'x', error: 'Gemini does not answer.' },
    },
    failed_services: ['gemini'],
  };
  stage().edge.instead = ({ url }, response) => {
    if (url === '/api/health')
      response.writeHead(503, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    return url === '/api/health';
  };
  const { frame } = await open({ dark: true });
  expect(await frame.locator('#services li[data-state=bad]').textContent()).toBe('Model is away');
  expect(await frame.textContent('#note')).toBe(
    'Answers are quotations from the book just now. (Gemini does not answer.)',
  );
  expect(await frame.evaluate(findBarriers)).toEqual([]);
  await still('degraded-dark');
});
