import type { CallContext, Tracer } from '../trace/reference.ts';
import { isInErrorBranch } from './error-branch.ts';
import { followNext } from './next-values.ts';
import type { ReplyFlow, ReplyPart, ReplyUse, ReplyValue } from './reply-value.ts';

/** Bounds one search: in library code every value may reach every other place. */
const maxValues = 6_000;

/**
 * Everything that the code does with a reply: the value is followed from where it `begin`s through names, functions,
 * state and components. `isComplete` is false where the search was cut short.
 */
export function followReply(
  tracer: Tracer,
  context: CallContext,
  begin: (flow: ReplyFlow) => void,
): { uses: readonly ReplyUse[]; isComplete: boolean } {
  const uses: ReplyUse[] = [];
  const seen = new Map<object, Set<string>>();
  const open: ReplyValue[] = [];
  const flow: ReplyFlow = {
    tracer,
    context,
    follow: (value) => {
      const key = `${value.inside.join('.')} ${JSON.stringify(value.part)}`;
      const keys = seen.get(value.node) ?? new Set();
      if (keys.has(key) || value.inside.length > maxNesting) return;
      seen.set(value.node, keys.add(key));
      open.push(value);
    },
    record: (use) => {
      const part = partUsed(use);
      if (part !== null && !isInErrorBranch(use.file, use.node)) uses.push({ ...use, part });
    },
  };
  begin(flow);
  let count = 0;
  for (let value = open.shift(); value !== undefined && count < maxValues; value = open.shift()) {
    count += 1;
    followNext(flow, value);
  }
  return { uses, isComplete: count < maxValues };
}

/** A value cannot be nested more deeply: `list = [...list, [list]]` would go on for ever. */
const maxNesting = 8;

/** Code that gets the function which asks gets the reply, too; what else is done with the function is no use of it. */
function partUsed({ kind, part }: ReplyUse): ReplyPart | null {
  if (part.type !== 'function') return part;
  return kind === 'escape' ? part.returned.part : null;
}
