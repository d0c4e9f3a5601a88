import { functionAround } from '../../../javascript/function-around.ts';
import { dottedName } from '../../../javascript/names.ts';
import { locationAt, type SourceFile, type SourceLocation } from '../../../javascript/source-file.ts';
import type { Node } from '../../../javascript/syntax-tree.ts';
import { findDefinition } from './find-definition.ts';
import type { Project } from './parse-project.ts';

/**
 * What the functions that send a question read as `process.env.NAME` and no build fills in: for a header with a key,
 * mostly. They fail before they ask, whatever the chat's address is.
 */
export function findBrokenReads(
  project: Project,
  calls: readonly { file: SourceFile; node: Node }[],
): { name: string; location: SourceLocation }[] {
  if (['next', 'create-react-app'].includes(project.framework)) return [];
  const reads = calls.flatMap(({ file, node: call }) => {
    const { start, end } = functionAround(file, call) ?? call;
    return file.nodes.flatMap(({ node }) => {
      if (node.type !== 'MemberExpression' || node.start < start || node.end > end) return [];
      const name = /^process\.env\.(\w+)$/.exec(dottedName(node))?.[1];
      if (name === undefined || name === 'NODE_ENV' || isFilled(project, { name, file, node })) return [];
      return [{ name, location: locationAt(file, node.start) }];
    });
  });
  return [...new Map(reads.map((read) => [`${read.name} ${read.location.file}`, read])).values()];
}

function isFilled(
  project: Project,
  { name, file, node }: { name: string; file: SourceFile; node: Node },
): boolean {
  if (project.tracer.isDead({ file, node })) return true;
  const { start, end } = node;
  const source = { kind: 'process-env', name, file, start, end, node, fallback: null } as const;
  return findDefinition(project, source).type !== 'undefined';
}
