/** A passage of the book in a prompt; without a marker when the reader selected it. */
export type PromptPassage = { marker: string | null; heading: string; text: string };
export type ParsedPrompt = { question: string; passages: PromptPassage[] };

const markerLine = /^\s*\[(?:Source\s+|S)(\d+)\]\s*:?\s*(.*)$/i;
/** A line that only separates: rules and tags. */
const ruleLine = /^\s*(?:[-=#*_<>~]{3,}.*|<\/?[\w:-]+[^>]*>)\s*$/;
/** `[Selected text]`, `(no passage)`: a heading of what follows. */
const labelLine = /^\s*\[[^\]]*\]\s*$|^\s*\(no \w+\)\s*$/;
const questionLine = /^\s*(?:question|user question|q)\s*:\s*/i;

/**
 * Finds question and passages in the last turn of a prompt. A passage begins with `[Source N] heading`; a line with
 * the prompt's nonce, which also precedes the passages, ends them; the last `Question:` begins the question.
 */
export function parsePrompt(prompt: string): ParsedPrompt {
  const lines = prompt.split(/\r?\n/);
  const isFrame = frameOf(lines);
  const questionAt = lines.findLastIndex((line) => questionLine.test(line));
  const blocks: { marker: string; heading: string; text: string[] }[] = [];
  const unmarked: string[] = [];
  let open: string[] = unmarked;
  for (const line of questionAt === -1 ? lines : lines.slice(0, questionAt)) {
    const match = markerLine.exec(line);
    if (match !== null) {
      open = [];
      blocks.push({ marker: `Source ${match[1]}`, heading: match[2] ?? '', text: open });
    } else if (isFrame(line)) {
      open = unmarked;
    } else if (!ruleLine.test(line) && !labelLine.test(line)) {
      open.push(line);
    }
  }
  const passages = blocks.map(({ text, ...block }) => ({
    ...block,
    text: text.join('\n').trim() || block.heading,
  }));
  const question = questionAt === -1 ? prompt : questionIn(lines.slice(questionAt), isFrame);
  return {
    question,
    passages: passages.length > 0 ? passages : selectionIn({ unmarked, questionAt }),
  };
}

/** Detects lines with the prompt's nonce: a word in the line before the first passage that occurs again later. */
function frameOf(lines: string[]): (line: string) => boolean {
  const first = lines.findIndex((line) => markerLine.test(line) || labelLine.test(line));
  const before = lines.slice(0, Math.max(first, 0)).findLast((line) => line.trim() !== '') ?? '';
  const rest = lines.slice(first + 1);
  const nonce = before
    .match(/[\w-]{8,}/g)
    ?.find((word) => /\d/.test(word) && rest.some((line) => line.includes(word)));
  return (line) => nonce !== undefined && line.includes(nonce);
}

function questionIn(lines: string[], isFrame: (line: string) => boolean): string {
  const end = lines.findIndex((line, at) => at > 0 && isFrame(line));
  const own = end === -1 ? lines : lines.slice(0, end);
  return own.join('\n').replace(questionLine, '');
}

/** Text before the question without markers is the reader's selection. */
function selectionIn({ unmarked, questionAt }: { unmarked: string[]; questionAt: number }): PromptPassage[] {
  const text = unmarked.join('\n').trim();
  return questionAt === -1 || text === '' ? [] : [{ marker: null, heading: '', text }];
}
