import type { ChatContract, ReplyReading } from '../../../../wizard/model/chat-contract.ts';

/**
 * A contract as one line each for request and reply: `POST /chat json message top_k=5 session_id(session)`, then
 * `json answer response; sources: objects url title`. Headers beside the content type, and credentials, follow where
 * there are some.
 */
export function contractText(contract: ChatContract): { request: string; reply: string } {
  const { path, method, contentType, body, headers, credentials, reply } = contract;
  const fields = body.map(({ key, role, value }) => {
    if (role === 'constant') return `${key}=${JSON.stringify(value)}`;
    return role === 'question' ? key : `${key}(${role})`;
  });
  const others = Object.entries(headers).flatMap(([name, value]) =>
    name === 'content-type' ? [] : [`[${name}: ${value ?? '?'}]`],
  );
  const words = [method, path, contentType, ...fields, ...others];
  const request = [...words, credentials === 'same-origin' ? '' : `+${credentials}`];
  return { request: request.filter((word) => word !== '').join(' '), reply: replyText(reply) };
}

function replyText(reply: ReplyReading): string {
  if (reply.type === 'unknown') return 'unknown';
  if (reply.type === 'stream') return `stream ${reply.form}`;
  const { text, sources } = reply;
  const list = sources === null ? [] : [`; ${sources.path}: ${[sources.as, ...sources.fields].join(' ')}`];
  return `json ${text.join(' ')}${list.join('')}`;
}
