import { contentStems } from './tokenise.ts';

const framed = /^<<<\n([^\n]*)\n\n([\s\S]*)\n>>>$/;

/**
 * What a model writes about a section for a search index: its heading path as the context, and a question about each of
 * its first sentences. Null for a prompt that asks for something else.
 */
export function composeEnrichment({ system, text }: { system: string; text: string }): string | null {
  const [, headings, content] = /"Context:"[\s\S]*"Question:"/.test(system) ? (framed.exec(text) ?? []) : [];
  if (headings === undefined || content === undefined) return null;
  const sentences = content.split(/(?<=[.!?。！？])\s+|\n+/).filter((line) => contentStems(line).length > 2);
  const questions = sentences.slice(0, 3).map((sentence) => {
    const stems = [...new Set(contentStems(sentence))].slice(0, 6);
    return `Question: What does the book say about ${stems.join(' ')}?`;
  });
  return [`Context: ${headings}.`, ...questions].join('\n');
}
