import { describe, expect, it } from 'vitest';
import { addRewrite } from '../../../../wizard/frontend/wiring/add-rewrite.ts';

const api = 'https://ana-book.hf.space';

const change = { api, paths: ['/api/chat'] };

describe('the rewrite of what the chat asks', () => {
  it('comes first, one rule for each path, and keeps what else is forwarded', () => {
    const text = JSON.stringify({
      cleanUrls: true,
      rewrites: [
        { source: '/(.*)', destination: '/index.html' },
        { source: '/api/(.*)', destination: 'https://old.hf.space/api/$1' },
        { source: '/api/chat', destination: 'https://old.hf.space/api/chat' },
      ],
    });
    const paths = ['/api/chat', '/api/health', '/api/conversation/'];
    const after = addRewrite(text, { api, paths }) ?? '';
    expect(JSON.parse(after)).toEqual({
      cleanUrls: true,
      rewrites: [
        { source: '/api/chat', destination: `${api}/api/chat` },
        { source: '/api/health', destination: `${api}/api/health` },
        { source: '/api/conversation/:id', destination: `${api}/api/conversation/:id` },
        { source: '/(.*)', destination: '/index.html' },
        { source: '/api/(.*)', destination: 'https://old.hf.space/api/$1' },
      ],
    });
    expect(addRewrite(after, { api, paths })).toBe(after);
  });

  it('replaces the rule of an earlier version, which forwarded all of /api', () => {
    const rewrites = [{ source: '/api/:path*', destination: `${api}/api/:path*` }];
    expect(JSON.parse(addRewrite(JSON.stringify({ rewrites }), change) ?? '')).toEqual({
      rewrites: [{ source: '/api/chat', destination: `${api}/api/chat` }],
    });
  });

  it('is not added to a file that is not JSON', () => {
    expect(addRewrite('{ // comment\n}', change)).toBeNull();
  });

  const rule = `{
      "source": "/api/chat",
      "destination": "${api}/api/chat"
    }`;
  it.each([
    ['nothing', undefined, `{\n  "rewrites": [\n    ${rule}\n  ]\n}\n`],
    ['an empty object', '{}', `{\n  "rewrites": [\n    ${rule}\n  ]\n}`],
    [
      'other settings',
      '{\n  "cleanUrls": true\n}\n',
      `{\n  "rewrites": [\n    ${rule}\n  ],\n  "cleanUrls": true\n}\n`,
    ],
    [
      'other rules, keeping their formatting',
      '{\n  "headers": [{ "source": "/(.*)", "headers": [] }],\n  "rewrites": [{ "source": "/(.*)", "destination": "/" }]\n}',
      `{\n  "headers": [{ "source": "/(.*)", "headers": [] }],\n  "rewrites": [\n    ${rule},\n    { "source": "/(.*)", "destination": "/" }]\n}`,
    ],
    [
      'an older rule of the same kind',
      '{\n  "rewrites": [\n    { "source": "/api/chat", "destination": "https://old.hf.space/api/chat" },\n    { "source": "/(.*)", "destination": "/" }\n  ]\n}',
      `{\n  "rewrites": [\n    ${rule},\n    { "source": "/(.*)", "destination": "/" }\n  ]\n}`,
    ],
    [
      'an older rule alone, after a byte order mark',
      '\uFEFF{\n  "rewrites": [\n    { "source": "/api/chat", "destination": "https://old.hf.space/api/chat" }\n  ]\n}',
      `\uFEFF{\n  "rewrites": [\n    ${rule}\n  ]\n}`,
    ],
  ])('is added to a file with %s', (_, text, expected) => {
    const after = addRewrite(text, change) ?? '';
    expect(after).toBe(expected);
    expect(addRewrite(after, change)).toBe(after);
  });

  it('is added to routes, beside which Vercel accepts no rewrites', () => {
    const text = '{\n  "routes": [\n    { "src": "/(.*)", "dest": "/index.html" }\n  ]\n}\n';
    const after = addRewrite(text, change) ?? '';
    expect(JSON.parse(after)).toEqual({
      routes: [
        { src: '^/api/chat$', dest: `${api}/api/chat` },
        { src: '/(.*)', dest: '/index.html' },
      ],
    });
  });
});
