import { dottedName } from '../../../../javascript/names.ts';
import { locationAt, type SourceFile } from '../../../../javascript/source-file.ts';
import type { Node } from '../../../../javascript/syntax-tree.ts';
import type { ApiUrlDetection } from '../api-url-detection.ts';
import { findRequests } from '../find-requests.ts';
import type { Project } from '../parse-project.ts';
import { isNeverChat } from './chat-path.ts';

/** Packages that ask a language model, by their names or in the URL of a script. */
const modelPackage =
  /(?:^|\/)(?:@google\/(?:generative-ai|genai)|openai|groq-sdk|@anthropic-ai\/sdk|@mistralai\/mistralai|cohere-ai|@huggingface\/inference|@ai-sdk\/(?:openai|google|anthropic|groq|mistral|cohere)|@langchain\/(?:openai|google-genai|anthropic|groq))(?:[@/+]|$)/;

const modelUrl =
  /^(?:https?|wss?):\/\/(?:generativelanguage\.googleapis\.com|api\.(?:openai|anthropic|groq|mistral|cohere|deepseek|together)\.\w+|openrouter\.ai|(?:api-inference|router)\.huggingface\.co)(?:$|[/:?])/;

/**
 * Where a page asks a language model itself, why that is no chat of a server, and what is; null where it does not. A
 * translation is no chat.
 */
export function findModelInPage({ browserFiles, tracer }: Project): ApiUrlDetection['refusal'] {
  for (const file of browserFiles) {
    if (isNeverChat(file.path) || !mayAskModel.test(file.text)) continue;
    const node =
      file.nodes.find((entry) => isModelImport(entry.node))?.node ??
      findRequests(tracer, file).find(({ urls }) =>
        urls.some(({ value: [first] }) => first?.type === 'text' && modelUrl.test(first.text)),
      )?.node;
    if (node !== undefined) return refusalAt(file, node);
  }
  return null;
}

const mayAskModel =
  /generative-ai|genai|generativelanguage|openai|anthropic|groq|mistral|cohere|deepseek|together|openrouter|huggingface/;

function isModelImport(node: Node): boolean {
  if (node.type === 'ImportDeclaration')
    return (
      !('importKind' in node && node.importKind === 'type') && modelPackage.test(String(node.source.value))
    );
  const isRequire = node.type === 'CallExpression' && dottedName(node.callee) === 'require';
  const source = node.type === 'ImportExpression' ? node.source : isRequire ? node.arguments[0] : undefined;
  return source?.type === 'Literal' && modelPackage.test(String(source.value));
}

function refusalAt(file: SourceFile, node: Node): ApiUrlDetection['refusal'] {
  return {
    why: 'the page asks a language model itself, with a key that every reader can read',
    instead:
      'Ask this server in its place: POST /api/chat with the question as JSON, see docs/chat-api.md; and revoke the key.',
    place: locationAt(file, node.start),
  };
}
