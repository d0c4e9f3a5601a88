import { calleeName } from '../../../../javascript/names.ts';
import { locationAt, type SourceFile } from '../../../../javascript/source-file.ts';
import type { Node } from '../../../../javascript/syntax-tree.ts';
import type { ReplyReading } from '../../../model/chat-contract.ts';
import { responseModeFor } from '../../response-mode.ts';
import { pathOfUrl } from '../../url-source.ts';
import type { ApiUrlDetection, ApiUrlFinding } from '../api-url-detection.ts';
import type { FindingWithUses } from './other-requests.ts';
import { isChatPath } from './chat-path.ts';

type ChatRefusal = NonNullable<ApiUrlDetection['refusal']>;

/** Why the server cannot answer the chat as its code asks, and what works instead; null where it can, or may. */
export function findUnservedChat(chat: readonly FindingWithUses[]): ChatRefusal | null {
  const refusals = chat.map(({ finding, uses }) => {
    const ownPath = finding.source.kind === 'written-in' ? pathOfUrl(finding.source.name) : '';
    const [use] = uses.filter(({ path, asksQuestion }) => asksQuestion || isChatPath(ownPath + path));
    return refusalOfCall(use?.call ?? null) ?? refusalOfContract(finding);
  });
  const [first] = refusals;
  return first !== undefined && refusals.every((refusal) => refusal !== null) ? first : null;
}

/** By what sends it: a socket, an event source, or an address that holds the question. */
function refusalOfCall(call: { file: SourceFile; node: Node } | null): ChatRefusal | null {
  if (call === null) return null;
  const { file, node } = call;
  const place = locationAt(file, node.start);
  const instead = 'Ask with fetch and POST, with the question as JSON, see docs/chat-api.md.';
  const name = node.type === 'NewExpression' ? calleeName(node.callee) : '';
  if (name === 'WebSocket')
    return { why: 'the chat speaks over a WebSocket, which this server has not', instead, place };
  const text = file.text.slice(node.start, node.end);
  const hasQuestion = /[?&](?:q|query|question|message|prompt)=/.test(text) && !/method\s*:/.test(text);
  return name === 'EventSource' || hasQuestion
    ? { why: 'the chat asks with GET, and this server answers POST only', instead, place }
    : null;
}

const streamWords: Record<Extract<ReplyReading, { type: 'stream' }>['form'], string> = {
  canonical: 'it as a stream of tokens',
  'message-events': 'it as a stream of messages',
  'delta-events': 'it as a stream of deltas',
  'data-events': 'it as a stream of data',
  text: 'it as a stream of plain text',
  foreign: 'events of a type of its own',
  unknown: 'it as a stream',
};

/** By what is sent and read. */
function refusalOfContract({ contract, location, contractPlaces }: ApiUrlFinding): ChatRefusal | null {
  if (contract === null) return null;
  const place = contractPlaces[0] ?? location;
  if (contract.contentType === 'form')
    return {
      why: 'the chat sends its question as a form, and this server reads JSON',
      instead: 'Send it as JSON: JSON.stringify and the header Content-Type: application/json.',
      place,
    };
  const { reply } = contract;
  const isKnown = reply.type === 'json' || (reply.type === 'stream' && reply.form !== 'unknown');
  if (!isKnown || responseModeFor(contract) !== null) return null;
  const reads = reply.type === 'json' ? `${reply.text.join(', ')} of its JSON` : streamWords[reply.form];
  return {
    why: `the chat asks for one form of the reply and reads ${reads}, which this server does not send`,
    instead: 'Read the answer from one of the forms in docs/chat-api.md.',
    place,
  };
}
