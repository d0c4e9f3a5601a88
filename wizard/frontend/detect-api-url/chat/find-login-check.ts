import { locationAt, type SourceFile, type SourceLocation } from '../../../../javascript/source-file.ts';
import type { Node } from '../../../../javascript/syntax-tree.ts';
import type { ApiUrlFinding } from '../api-url-detection.ts';
import type { Project } from '../parse-project.ts';
import { isChatPath } from './chat-path.ts';

/** Names that say whether a reader has logged in. */
const readerName = String.raw`(?:\w+\??\.)*(?:is)?(?:authenticated|loggedIn|signedIn|session|user|currentUser|token)\b`;
const isReader = new RegExp(String.raw`^\(?(?:!!)?${readerName}(?!\s*[=.(])`, 'i');
const isNoReader = new RegExp(
  String.raw`(?:^|[(|]\s*)!${readerName}(?!\s*[.(])|${readerName}\s*===?\s*null`,
  'i',
);
const login = /sign[-_ ]?(?:in|up)|log[-_ ]?in|\bauth\b/i;
const chatElement = /^\(?\s*<\w*Chat/;

/** The line that lets only those readers into the chat who have logged in; null where none is seen. */
export function findLoginCheck(
  { browserFiles }: Project,
  findings: readonly ApiUrlFinding[],
): SourceLocation | null {
  const asking = new Set(findings.flatMap(({ questionCalls }) => questionCalls.map(({ file }) => file)));
  for (const file of browserFiles) {
    if (!asking.has(file) && !isChatPath(file.path) && !/<\w*Chat/.test(file.text)) continue;
    const check = file.nodes.find(({ node }) => isCheck(file, node));
    if (check !== undefined) return locationAt(file, check.node.start);
  }
  return null;
}

function isCheck(file: SourceFile, node: Node): boolean {
  const textOf = ({ start, end }: Node): string => file.text.slice(start, end);
  switch (node.type) {
    case 'IfStatement': {
      const then = textOf(node.consequent);
      return isNoReader.test(textOf(node.test)) && login.test(then) && /\breturn\b|location/.test(then);
    }
    case 'ConditionalExpression': {
      const [test, then, otherwise] = [node.test, node.consequent, node.alternate].map(textOf);
      if (isNoReader.test(test ?? '')) return login.test(then ?? '') && chatElement.test(otherwise ?? '');
      return isReader.test(test ?? '') && chatElement.test(then ?? '');
    }
    case 'LogicalExpression':
      return (
        node.operator === '&&' && isReader.test(textOf(node.left)) && chatElement.test(textOf(node.right))
      );
    case 'JSXElement':
      return /^<SignedIn\b/.test(textOf(node)) && /<\w*Chat/.test(textOf(node));
    default:
      return false;
  }
}
