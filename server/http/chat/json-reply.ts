import type { ChatEvent, Source } from '../../chat/protocol.ts';
import type { JsonForm } from './reply-form.ts';

/** A complete answer. */
export type CollectedAnswer = {
  text: string;
  sources: readonly Source[];
  /** Sections near a question that the book does not answer. */
  nearest: readonly Source[];
  conversationId: string;
  messageId: string | null;
  error: { code: string; message: string } | null;
};

/** Collects a stream of events, for clients that want one JSON body. */
export async function collectAnswer(events: AsyncIterable<ChatEvent>): Promise<CollectedAnswer> {
  const answer: CollectedAnswer = {
    text: '',
    sources: [],
    nearest: [],
    conversationId: '',
    messageId: null,
    error: null,
  };
  for await (const event of events) {
    if (event.type === 'metadata') answer.conversationId = event.conversationId;
    else if (event.type === 'token') answer.text += event.content;
    else if (event.type === 'error') answer.error = { code: event.code, message: event.message };
    else
      Object.assign(answer, {
        sources: event.sources,
        nearest: event.nearest ?? [],
        messageId: event.messageId,
      });
  }
  return answer;
}

/** A passage as JSON clients get it; `text` is the whole section, empty when it is not in memory. */
type PassageDetails = { text: string; chunkIndex: number | null; totalChunks: number | null };

/**
 * Composes the superset of what JSON clients read: the text and the sources under each of their names, and the whole of it
 * once more under `data`.
 *
 * @param options.addressOf a source's address as an absolute URL, where the book's site is known.
 */
export function jsonReply({
  answer,
  form,
  session,
  model,
  now,
  detailsOf,
  addressOf,
}: {
  answer: CollectedAnswer;
  form: JsonForm;
  session: string | null;
  model: string;
  now: Date;
  detailsOf: (source: Source) => PassageDetails;
  addressOf: (source: Source) => string;
}): Record<string, unknown> {
  const { text, conversationId, messageId } = answer;
  const toObject = (source: Source, index: number): Record<string, unknown> =>
    sourceObject({ source, index, details: detailsOf(source), address: addressOf(source) });
  const objects = answer.sources.map(toObject);
  const urls = answer.sources.map(addressOf);
  const inForm = (wanted: 'objects' | 'urls') => (wanted === 'urls' ? urls : objects);
  const sessionId = session ?? conversationId;
  const reply = {
    ...textFields(text),
    conversation_id: conversationId,
    conversationId,
    session_id: sessionId,
    sessionId,
    thread_id: sessionId,
    message_id: messageId,
    messageId,
    sources: inForm(form.sources),
    citations: inForm(form.citations),
    source_chunks: objects,
    retrieved_chunks: objects,
    context_sources: objects,
    sourceReferences: urls,
    metadata: { sources: objects, model },
    nearest: answer.nearest.map(toObject),
    has_answer: answer.sources.length > 0,
    success: true,
    status: 'success',
    model,
    timestamp: now.toISOString(),
  };
  return { ...reply, data: reply };
}

/** Every name under which a known client reads the text. */
function textFields(text: string): Record<string, string> {
  const names =
    'answer response reply response_text answer_text content message output text result assistant assistant_response assistant_message bot_response responseText';
  return Object.fromEntries(names.split(' ').map((name) => [name, text]));
}

/** Length of a section's preview in characters. */
const previewLength = 240;

function sourceObject({
  source,
  index,
  details,
  address,
}: {
  source: Source;
  index: number;
  details: PassageDetails;
  address: string;
}): Record<string, unknown> {
  const plain = details.text.replaceAll(/\s+/g, ' ').trim();
  const shortened = plain.length > previewLength ? `${plain.slice(0, previewLength).trimEnd()} …` : plain;
  const preview = shortened === '' ? source.heading : shortened;
  const { title, file, section, heading, similarity } = source;
  // Clients call number methods on a score: null would break their page.
  const score = similarity ?? 0;
  const place = { title, section, url: address, source: title, file_path: file, chapter: title };
  return {
    ...source,
    url: address,
    id: `${file}#${index + 1}`,
    chunk_id: `${file}#${index + 1}`,
    source_id: `${file}#${index + 1}`,
    position: index + 1,
    index,
    chapter: title,
    chapter_title: title,
    chapterTitle: title,
    page_title: title,
    section_title: section,
    section_heading: heading === '' ? title : heading,
    subsection: section,
    module: title,
    display_text: heading === '' ? title : heading,
    name: title,
    path: file,
    file_path: file,
    source: title,
    source_file: file,
    link: address,
    href: address,
    page_url: address,
    source_url: address,
    anchor_url: address,
    chapter_url: address,
    document_url: address,
    url_fragment: address,
    uri: address,
    page_reference: address,
    score,
    similarity_score: score,
    relevance_score: score,
    relevance: score,
    content: preview,
    text: preview,
    snippet: preview,
    excerpt: preview,
    content_excerpt: preview,
    content_preview: preview,
    chunk_text: preview,
    chunk_index: details.chunkIndex ?? index,
    total_chunks: details.totalChunks ?? 1,
    // The book's lines are not indexed; shown behind a path, `undefined` would be.
    line_range: '',
    metadata: { ...place, page_title: title, heading, score },
  };
}
