import { describe, expect, it } from 'vitest';
import { detectApiUrl } from '../../../../wizard/frontend/detect-api-url/detect-api-url.ts';
import { planWiring } from '../../../../wizard/frontend/wiring/plan-wiring.ts';
import { projectWith } from './sample-project.ts';

describe('two runs over one source agree on the value, before the change and after it', () => {
  it.each([
    ['a path of the code', `const API = 'https://a.example.com';`, '`${API}/chat`'],
    ['a path below /api', `const API = 'https://a.example.com';`, '`${API}/api/v1/chat`'],
    ['/api in the address', `const API = 'https://a.example.com/api';`, `API + '/chat'`],
    ['the whole address', `const API = 'https://a.example.com/api/chat';`, 'API'],
    ['a developer’s machine', `const API = 'http://localhost:8000';`, '`${API}/query`'],
  ])('%s', (_, address, url) => {
    const files = new Map(
      Object.entries(
        projectWith({
          'docusaurus.config.js': `export default { title: 'A', baseUrl: '/', plugins: [] };`,
          'src/chat.js': `${address}\nexport const ask = (question) => fetch(${url}, { method: 'POST', body: JSON.stringify({ question }) });`,
        }),
      ),
    );
    const detection = detectApiUrl(files);
    const [finding] = detection.findings;
    if (finding === undefined) throw new Error('no finding');
    const plan = planWiring({ files, detection, finding, api: null });
    if (plan.type !== 'change') throw new Error(plan.reason);
    const after = detectApiUrl(new Map([...files, ...plan.files]));
    expect(after.findings[0]?.variable).toBe(plan.variable);
    expect(after.findings[0]?.suffix.path).toBe(plan.path);
    expect(after.findings[0]?.contract?.body).toEqual(finding.contract?.body);
  });
});
