import { calleeName } from '../../../../javascript/names.ts';
import { locationAt, type SourceLocation } from '../../../../javascript/source-file.ts';
import type { Project } from '../parse-project.ts';

/** Where a site mounts OpenAI's ChatKit, why that cannot be served, and what can; null where it does not. */
export function findChatKit({
  browserFiles,
}: Project): { why: string; instead: string; place: SourceLocation } | null {
  for (const file of browserFiles) {
    const mount = file.nodes.find(({ node }) => {
      if (node.type === 'ImportDeclaration') return String(node.source.value).startsWith('@openai/chatkit');
      return node.type === 'CallExpression' && calleeName(node.callee) === 'useChatKit';
    });
    if (mount !== undefined)
      return {
        why: 'ChatKit speaks its own protocol; this server does not',
        instead:
          'Ask with a request of your own: POST /api/chat with the question as JSON, see docs/chat-api.md.',
        place: locationAt(file, mount.node.start),
      };
  }
  return null;
}
