import type { ReplyReading } from '../../../../model/chat-contract.ts';
import type { ReplyUse } from '../reply-value.ts';

type StreamReading = Extract<ReplyReading, { type: 'stream' }>;

/**
 * The form of the stream that the code parses; null where it reads none. `isNamed`: a library splits the stream into its
 * events.
 */
export function streamForm(
  uses: readonly ReplyUse[],
  { isNamed }: { isNamed: boolean },
): StreamReading | null {
  const streamed = uses.filter(({ part }) => 'isStreamed' in part && part.isStreamed);
  if (streamed.length === 0) return null;
  const events = streamed.filter(({ part }) => part.type === 'json');
  const prefixes = streamed.flatMap(({ part, literal }) => (part.type === 'text' ? (literal ?? []) : []));
  const isServerSent = isNamed || prefixes.some((prefix) => prefix.startsWith('data:'));
  if (events.length === 0) return { type: 'stream', form: isServerSent ? 'unknown' : 'text' };
  return { type: 'stream', form: isServerSent ? formOfEvents(events, prefixes) : 'unknown' };
}

/** Types under which other servers send pieces of the text. */
const foreignTag = /^(?:content|chunk|text|text-delta|answer|response)$/;

function formOfEvents(events: readonly ReplyUse[], prefixes: readonly string[]): StreamReading['form'] {
  const paths = new Set(events.map(({ part }) => (part.type === 'json' ? part.path.join('.') : '')));
  const tags = new Set(
    events.flatMap(({ part, literal }) =>
      part.type === 'json' && /^(?:type|event)$/.test(part.path.join('.')) ? (literal ?? []) : [],
    ),
  );
  const textTags = [...tags].filter(
    (tag) => !/^(?:done|end|error|metadata|sources?|citations?|start|null)$/.test(tag),
  );
  const isNamed = (name: string): boolean => textTags.length === 0 || textTags.includes(name);
  if (textTags.some((tag) => foreignTag.test(tag)) && !['token', 'delta'].some((tag) => tags.has(tag)))
    return 'foreign';
  if (paths.has('citation') || prefixes.some((prefix) => prefix.startsWith('event:'))) {
    const isSpoken = paths.has('content') && isNamed('token');
    return isSpoken ? 'message-events' : 'unknown';
  }
  if (paths.has('delta') && ![...paths].some((path) => path.startsWith('delta.')))
    return isNamed('delta') ? 'delta-events' : 'unknown';
  // Without a tag the list of sources would be taken for text.
  if (paths.has('data') && !paths.has('content'))
    return textTags.includes('delta') ? 'data-events' : 'unknown';
  return paths.has('content') && isNamed('token') ? 'canonical' : 'unknown';
}
