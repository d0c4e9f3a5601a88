import { expect, it } from 'vitest';
import { detectApiUrl } from '../../../../wizard/frontend/detect-api-url/detect-api-url.ts';
import { readDeployedChat } from '../../../../wizard/frontend/proof/deployed-chat.ts';
import { unfilledVariable } from '../../../../wizard/frontend/proof/is-wired.ts';
import { planDefine } from '../../../../wizard/frontend/wiring/plan-define.ts';
import { projectWith } from '../detect-api-url/sample-project.ts';

/** A chat that sends a key of its own: in a browser it fails before it asks, wherever the address leads. */
const chat = `export async function ask(query, show) {
  const response = await fetch(\`\${process.env.REACT_APP_CHAT_URL || '/api'}/chat\`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: \`Bearer \${process.env.REACT_APP_API_KEY || 'none'}\` },
    body: JSON.stringify({ query }),
  });
  show((await response.json()).response);
}`;

it('what must never get into the pages is read as nothing, without its name in the change', () => {
  const files = new Map(
    Object.entries(
      projectWith({
        'docusaurus.config.js': `module.exports = { title: 'A', baseUrl: '/', plugins: [] };`,
        'src/chat.js': chat,
      }),
    ),
  );
  const detection = detectApiUrl(files);
  expect(detection.brokenReads.map(({ name }) => name)).toContain('REACT_APP_API_KEY');
  const [finding] = detection.findings;
  if (finding === undefined) throw new Error('No chat was found.');
  const plan = planDefine({ files, detection, finding });
  const diff = JSON.stringify(plan);
  expect(diff).toContain("'process.env': '({})'");
  expect(diff).not.toContain('API_KEY');
});

it('a deployed chat that reads such a variable is not taken for wired', () => {
  const url = 'https://book.example.org/';
  const text = chat
    .replace('export ', '')
    .replace("process.env.REACT_APP_CHAT_URL || '/api'", '"https://rag.example.org"')
    .replace(/$/, '\nwindow.ask = ask;');
  const deployed = readDeployedChat({ url, html: '', scripts: [{ url: `${url}main.js`, text }] });
  const [unfilled] = deployed?.unfilledVariables ?? [];
  expect(unfilled).toEqual({ name: 'REACT_APP_API_KEY', url: `${url}main.js` });
  if (unfilled === undefined) return;
  const failure = unfilledVariable(unfilled, { hasSource: true });
  expect(failure.code).toBe('frontend-not-wired');
  expect(failure.remedy).not.toMatch(/define it|DefinePlugin/);
});
