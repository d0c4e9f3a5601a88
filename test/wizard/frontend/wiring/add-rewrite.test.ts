import { describe, expect, it } from 'vitest';
import { addRewrite } from '../../../../wizard/frontend/wiring/add-rewrite.ts';

const api = 'https://ana-book.hf.space';

describe('the rewrite of /api', () => {
  it('comes first, in place of an older one, and keeps the rest', () => {
    const text = JSON.stringify({
      cleanUrls: true,
      rewrites: [
        { source: '/(.*)', destination: '/index.html' },
        { source: '/api/(.*)', destination: 'https://old.hf.space/api/$1' },
      ],
    });
    expect(JSON.parse(addRewrite(text, api) ?? '')).toEqual({
      cleanUrls: true,
      rewrites: [
        { source: '/api/:path*', destination: `${api}/api/:path*` },
        { source: '/(.*)', destination: '/index.html' },
      ],
    });
  });

  it('is not added to a file that is not JSON', () => {
    expect(addRewrite('{ // comment\n}', api)).toBeNull();
  });

  const rule = `{
      "source": "/api/:path*",
      "destination": "${api}/api/:path*"
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
      '{\n  "rewrites": [\n    { "source": "/api/(.*)", "destination": "https://old.hf.space/api/$1" },\n    { "source": "/(.*)", "destination": "/" }\n  ]\n}',
      `{\n  "rewrites": [\n    ${rule},\n    { "source": "/(.*)", "destination": "/" }\n  ]\n}`,
    ],
    [
      'an older rule alone, after a byte order mark',
      '\uFEFF{\n  "rewrites": [\n    { "source": "/api/(.*)", "destination": "https://old.hf.space/api/$1" }\n  ]\n}',
      `\uFEFF{\n  "rewrites": [\n    ${rule}\n  ]\n}`,
    ],
  ])('is added to a file with %s', (_, text, expected) => {
    const after = addRewrite(text, api) ?? '';
    expect(after).toBe(expected);
    expect(addRewrite(after, api)).toBe(after);
  });

  it('is added to routes, beside which Vercel accepts no rewrites', () => {
    const text = '{\n  "routes": [\n    { "src": "/(.*)", "dest": "/index.html" }\n  ]\n}\n';
    const after = addRewrite(text, api) ?? '';
    expect(JSON.parse(after)).toEqual({
      routes: [
        { src: '/api/(.*)', dest: `${api}/api/$1` },
        { src: '/(.*)', dest: '/index.html' },
      ],
    });
  });
});
