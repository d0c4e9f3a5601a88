/**
 * A test for the globs of a docs plugin's `include` and `exclude` (`**`, `*`, `?`, `{a,b}`, `[abc]`), on paths with
 * forward slashes. Like Docusaurus's own matcher, stars do not match names that begin with a dot.
 */
export function globMatcher(patterns: readonly string[]): (path: string) => boolean {
  const tests = patterns.map((pattern) => new RegExp(`^${translated(pattern)}$`, 'u'));
  return (path) => tests.some((test) => test.test(path));
}

const plain = /[\\^$+.()|\]}]/;

function translated(glob: string): string {
  let source = '';
  for (let at = 0; at < glob.length; at++) {
    const char = glob[at] as string;
    if (glob.startsWith('**/', at)) {
      source += '(?:(?!\\.)[^/]+/)*';
      at += 2;
    } else if (glob.startsWith('**', at)) {
      source += '(?:(?!\\.)[^/]+(?:/(?!\\.)[^/]+)*)?';
      at += 1;
    } else if (char === '*') source += startsName(glob, at) ? '(?!\\.)[^/]*' : '[^/]*';
    else if (char === '?') source += '[^/]';
    else if (char === '{' && glob.indexOf('}', at) !== -1) {
      const end = glob.indexOf('}', at);
      source += `(?:${glob
        .slice(at + 1, end)
        .split(',')
        .map(translated)
        .join('|')})`;
      at = end;
    } else if (char === '[' && glob.indexOf(']', at) !== -1) {
      const end = glob.indexOf(']', at);
      source += `[${glob
        .slice(at + 1, end)
        .replace(/^!/, '^')
        .replaceAll('\\', '\\\\')}]`;
      at = end;
    } else source += plain.test(char) || char === '[' || char === '{' ? `\\${char}` : char;
  }
  return source;
}

function startsName(glob: string, at: number): boolean {
  return at === 0 || glob[at - 1] === '/';
}
