import { describe, expect, it } from 'vitest';
import { apiRewriteIn, addRewrite } from '../../../../wizard/frontend/wiring/rewrites.ts';

const api = 'https://ana-book.hf.space';

describe('the rewrite', () => {
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

  it('is not written into a file that cannot be read', () => {
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
      'other rules, as they are written',
      '{\n  "headers": [{ "source": "/(.*)", "headers": [] }],\n  "rewrites": [{ "source": "/(.*)", "destination": "/" }]\n}',
      `{\n  "headers": [{ "source": "/(.*)", "headers": [] }],\n  "rewrites": [\n    ${rule},\n    { "source": "/(.*)", "destination": "/" }]\n}`,
    ],
    [
      'an older rule of the same kind',
      '{\n  "rewrites": [\n    { "source": "/api/(.*)", "destination": "https://old.hf.space/api/$1" },\n    { "source": "/(.*)", "destination": "/" }\n  ]\n}',
      `{\n  "rewrites": [\n    ${rule},\n    { "source": "/(.*)", "destination": "/" }\n  ]\n}`,
    ],
    [
      'an older rule alone, behind a mark of Windows',
      '\uFEFF{\n  "rewrites": [\n    { "source": "/api/(.*)", "destination": "https://old.hf.space/api/$1" }\n  ]\n}',
      `\uFEFF{\n  "rewrites": [\n    ${rule}\n  ]\n}`,
    ],
  ])('goes into a file with %s', (_, text, expected) => {
    const after = addRewrite(text, api) ?? '';
    expect(after).toBe(expected);
    expect(apiRewriteIn(after)).toMatchObject({ source: '/api/:path*', isShadowed: false });
    expect(addRewrite(after, api)).toBe(after);
  });

  it('goes among routes, where Vercel takes no rewrites', () => {
    const text = '{\n  "routes": [\n    { "src": "/(.*)", "dest": "/index.html" }\n  ]\n}\n';
    const after = addRewrite(text, api) ?? '';
    expect(JSON.parse(after)).toEqual({
      routes: [
        { src: '/api/(.*)', dest: `${api}/api/$1` },
        { src: '/(.*)', dest: '/index.html' },
      ],
    });
    expect(apiRewriteIn(after)).toMatchObject({ destination: `${api}/api/$1`, isShadowed: false });
  });
});
