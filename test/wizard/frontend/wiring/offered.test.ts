import { describe, expect, it } from 'vitest';
import { detectApiUrl } from '../../../../wizard/frontend/detect-api-url/detect-api-url.ts';
import { planWiring } from '../../../../wizard/frontend/wiring/plan-wiring.ts';
import { projectWith } from '../detect-api-url/project.ts';

const api = 'https://ana-book.hf.space';

describe('a change is offered only where the variable then reaches the pages', () => {
  const offered = (project: Record<string, string>, dependencies?: Record<string, string>) => {
    const files = new Map(Object.entries(projectWith(project, dependencies)));
    const detection = detectApiUrl(files);
    return planWiring({ files, detection, finding: detection.findings[0]!, api });
  };
  const changedFiles = (...given: Parameters<typeof offered>): Record<string, string> => {
    const wiring = offered(...given);
    if (wiring.type === 'none') throw new Error(wiring.why);
    return Object.fromEntries(wiring.files);
  };
  const why = (...given: Parameters<typeof offered>): string => {
    const wiring = offered(...given);
    return wiring.type === 'none' ? wiring.why : `offered: ${wiring.diff}`;
  };

  it('Vite’s way of reading it in a Docusaurus site: the plugin defines that', () => {
    const files = changedFiles({ 'src/a.js': "fetch(import.meta.env.VITE_API_URL + '/api/chat');" });
    expect(files['api-url.plugin.cjs']).toContain(
      "'import.meta.env.VITE_API_URL': JSON.stringify(process.env.VITE_API_URL ?? '')",
    );
  });

  it('every place that reads it, where a build wants another name', () => {
    const text = "fetch(process.env.API_URL + '/api/chat'); console.log(process.env.API_URL);";
    const files = changedFiles(
      { 'src/a.js': text, 'src/b.js': 'export default process.env.API_URL;' },
      { vite: '^7' },
    );
    expect(files).toEqual({
      'src/a.js': text.replaceAll('process.env.API_URL', 'import.meta.env.VITE_API_BASE_URL'),
      'src/b.js': 'export default import.meta.env.VITE_API_BASE_URL;',
    });
  });

  it('an address in a head script among the site’s settings', () => {
    const files = changedFiles({
      'src/a.js': "fetch(window.API_URL + '/chat')",
      'docusaurus.config.js': `module.exports = { baseUrl: '/', headTags: [{ tagName: 'script', innerHTML: "window.API_URL='https://old.hf.space/api';" }] };`,
    });
    expect(files['docusaurus.config.js']).toContain(
      `innerHTML: "window.API_URL='" + (process.env.REACT_APP_API_BASE_URL || 'https://old.hf.space') + "/api';"`,
    );
  });

  it('the address of the developer’s own machine, where there is no other', () => {
    const files = changedFiles({ 'src/a.js': "fetch('http://localhost:8000/api/chat')" }, { vite: '^7' });
    expect(files['src/a.js']).toBe(
      "fetch((import.meta.env.VITE_API_BASE_URL || 'http://localhost:8000') + '/api/chat')",
    );
  });

  it('leaves the addresses of others alone', () => {
    const files = changedFiles({
      'src/a.js': "fetch('https://api.github.com/repos/a/b');\nfetch('https://old.hf.space/api/chat');",
    });
    expect(files['src/a.js']).toContain("fetch('https://api.github.com/repos/a/b');");
    expect(files['src/a.js']).toContain('process.env.REACT_APP_API_BASE_URL || ');
  });

  it.each<[string, Parameters<typeof offered>, RegExp]>([
    [
      'an address that is put together',
      [{ 'src/a.js': "const HOST = 'old.hf.space'; fetch('https://' + HOST + '/api/chat');" }],
      /puts the address together/,
    ],
    [
      'two addresses in one string',
      [
        {
          'src/a.js': "fetch(window.A_API_URL + '/chat'); fetch(window.B_API_URL + '/chat');",
          'docusaurus.config.js': `module.exports = { baseUrl: '/', headTags: [{ tagName: 'script', innerHTML: "window.A_API_URL='https://old.hf.space';window.B_API_URL='https://older.hf.space';" }] };`,
        },
      ],
      /in one piece/,
    ],
    [
      'a variable that is taken out of the whole',
      [{ 'src/a.js': "const { REACT_APP_API_URL } = process.env; fetch(REACT_APP_API_URL + '/api/chat');" }],
      /write process\.env\.REACT_APP_API_URL whole/,
    ],
    [
      'a file that is served as it is',
      [{ 'public/a.js': "fetch('https://old.hf.space/api/chat');" }, { vite: '^7' }],
      /served as it is/,
    ],
    [
      'a page',
      [{ 'index.html': "<script>fetch('https://old.hf.space/api/chat');</script>" }, { vite: '^7' }],
      /write %VITE_API_BASE_URL% there/,
    ],
    [
      'a function of its own that answers',
      [
        { 'src/a.js': "fetch('/api/chat')", 'app/api/chat/route.ts': 'export const POST = 1;' },
        { next: '^15' },
      ],
      /app\/api\/chat\/route\.ts answers below \/api itself/,
    ],
    [
      'settings that are a program',
      [{ 'src/a.js': "fetch('/api/chat')", 'vercel.ts': 'export const config = {};' }, { vite: '^7' }],
      /vercel\.ts takes the place/,
    ],
    [
      'a global that nothing sets',
      [{ 'src/a.js': "fetch(window.API_URL + '/chat')" }],
      /nothing gives API_URL/,
    ],
  ])('says what to do for %s', (_, given, expected) => {
    expect(why(...given)).toMatch(expected);
  });
});
