import { describe, expect, it } from 'vitest';
import { parseDockerfile, splitWords, substitute } from '../../../sandbox/space/dockerfile.ts';
import { buildImage, type Image } from '../../../sandbox/space/image.ts';

const files = {
  'server.js': 'server',
  'server.js.map': 'map',
  'docs/a.md': 'a',
  'docs/deep/b.md': 'b',
  '.env': 'x',
};

function build(dockerfile: string, buildArguments: Record<string, string> = {}): Image & { log: string[] } {
  const log: string[] = [];
  const all = Object.entries({ ...files, Dockerfile: dockerfile }).map(
    ([path, text]) => [path, Buffer.from(text)] as const,
  );
  return { ...buildImage({ files: new Map(all), buildArguments, log: (line) => log.push(line) }), log };
}

const pathsOf = (image: Image): string[] => [...image.files.keys()].sort();

it('parses continued lines, comments between them, flags and quotes', () => {
  const text =
    '# a comment\nFROM node:24-slim\n\nRUN one && \\\n  # not this\n  two\nCOPY --chown=node:node --chmod=755 "a b.txt" /x/\n';
  expect(parseDockerfile(text)).toEqual([
    { word: 'FROM', flags: {}, rest: 'node:24-slim', line: 2 },
    { word: 'RUN', flags: {}, rest: 'one &&    two', line: 4 },
    { word: 'COPY', flags: { chown: 'node:node', chmod: '755' }, rest: '"a b.txt" /x/', line: 7 },
  ]);
  expect(splitWords('A="b c" \'d e\' f\\ g')).toEqual(['A=b c', 'd e', 'f g']);
  expect(substitute('$A/${B}/${C:-none}/${A:+yes}', { A: '1', B: '2' })).toBe('1/2/none/yes');
});

describe('COPY', () => {
  const copy = (line: string): string[] =>
    pathsOf(build(`FROM node:24-slim\nWORKDIR /app\n${line}\nCMD ["node"]`));

  it.each([
    ['COPY server.js .', ['/app/server.js']],
    ['COPY server.js /srv/main.js', ['/srv/main.js']],
    ['COPY server.js server.js.map ./lib/', ['/app/lib/server.js', '/app/lib/server.js.map']],
    ['COPY server.js* ./', ['/app/server.js', '/app/server.js.map']],
    // BuildKit lets a wildcard match nothing.
    ['COPY server.js book.json* ./', ['/app/server.js']],
    ['COPY docs ./pages', ['/app/pages/a.md', '/app/pages/deep/b.md']],
    ['COPY ["docs/a.md", "/b c/"]', ['/b c/a.md']],
    [
      'COPY . /all',
      [
        '/all/.env',
        '/all/Dockerfile',
        '/all/docs/a.md',
        '/all/docs/deep/b.md',
        '/all/server.js',
        '/all/server.js.map',
      ],
    ],
  ])('%s', (line, expected) => expect(copy(line)).toEqual(expected));
});

it('substitutes build arguments, ARG and ENV in later lines', () => {
  const image = build(
    'ARG BASE=node:24-slim\nFROM node:24-slim\nARG LEVEL=info\nENV A="one two" B=$LEVEL\nENV OLD style value\nWORKDIR /$B\nCMD node $A',
    { LEVEL: 'debug' },
  );
  expect(image.environment).toEqual({ A: 'one two', B: 'debug', OLD: 'style value' });
  expect(image.workdir).toBe('/debug');
  // A command's variables are expanded by the container's shell, not by the builder.
  expect(image.command).toEqual(['/bin/sh', '-c', 'node $A']);
});

it('joins ENTRYPOINT and CMD, and copies from an earlier stage', () => {
  const image = build(
    'FROM node:24-slim AS first\nCOPY server.js /out/\nFROM node:24-slim\nCOPY --from=first /out/server.js /app/\nENTRYPOINT ["node"]\nCMD ["/app/server.js"]',
  );
  expect(image.command).toEqual(['node', '/app/server.js']);
  expect(pathsOf(image)).toEqual(['/app/server.js']);
});

it('warns about an image that runs as root', () => {
  const base = 'FROM node:24-slim\nCMD ["node"]';
  expect(build(base).log.join('\n')).toMatch(/WARN: .*USER 1000/);
  expect(build(`${base}\nUSER 1000`).log.join('\n')).not.toMatch(/WARN/);
});

it.each([
  ['CMD ["node"]', 1, /no build stage/],
  ['FROM Node:24\nCMD node', 1, /invalid reference format/],
  ['FROM node:24\nCOPY a.js\nCMD node', 2, /at least two arguments/],
  ['FROM node:24\nCOPY server.js main.py /\nCMD node', 2, /"\/main\.py": not found/],
  ['FROM node:24\nCOPY --from=other /a /\nCMD node', 2, /no image "other"/],
  ['', 1, /no instructions/],
])('%j fails at line %d', (dockerfile, line, message) => {
  expect(() => build(dockerfile)).toThrow(
    expect.objectContaining({ line, message: expect.stringMatching(message) as string }) as Error,
  );
});
