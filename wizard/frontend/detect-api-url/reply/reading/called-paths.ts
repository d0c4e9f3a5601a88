import type { ReplyUse } from '../reply-value.ts';

/**
 * The paths of a reply whose value the code calls a method of wherever it reads it, such as `chunk.score.toFixed(2)`. One
 * other read, such as the test in `chunk.score && chunk.score.toFixed(2)`, takes a path out.
 */
export function calledPaths(uses: readonly ReplyUse[]): string[] {
  const called = new Map<string, boolean>();
  for (const use of uses) {
    const { part, kind } = use;
    if (kind !== 'field' || part.type !== 'json' || part.isStreamed) continue;
    const path = part.path.join('.');
    called.set(path, isCalled(use) && called.get(path) !== false);
  }
  return [...called].flatMap(([path, isEverywhere]) => (isEverywhere ? [path] : []));
}

function isCalled({ file, node }: ReplyUse): boolean {
  const { parentOf } = file.scopes;
  const member = parentOf(node);
  if (member?.type !== 'MemberExpression' || member.object !== node || member.optional) return false;
  const call = parentOf(member);
  return call?.type === 'CallExpression' && call.callee === member;
}
