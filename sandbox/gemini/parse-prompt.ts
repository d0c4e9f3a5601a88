/** A block of the book's text in a prompt; no marker where the reader selected it. */
export type PromptPassage = { marker: string | null; heading: string; text: string };
export type ParsedPrompt = { question: string; passages: PromptPassage[] };

const markerLine = /^\s*\[(?:Source\s+|S)(\d+)\]\s*:?\s*(.*)$/i;
/** A line that only frames, and is nobody's text: rules and tags. */
const ruleLine = /^\s*(?:[-=#*_<>~]{3,}.*|<\/?[\w:-]+[^>]*>)\s*$/;
/** `[Selected text]`, `(no passage)`: says what follows. */
const labelLine = /^\s*\[[^\]]*\]\s*$|^\s*\(no \w+\)\s*$/;
const questionLine = /^\s*(?:question|user question|q)\s*:\s*/i;

/**
 * Finds question and passages in the last turn of a prompt. Blocks begin with `[Source N] heading`; a frame with
 * a random word, opened before them, closes them; the last `Question:` begins the question.
 */
export function parsePrompt(prompt: string): ParsedPrompt {
  const lines = prompt.split(/\r?\n/);
  const isFrame = frameOf(lines);
  const questionAt = lines.findLastIndex((line) => questionLine.test(line));
  const blocks: { marker: string; heading: string; text: string[] }[] = [];
  const loose: string[] = [];
  let open: string[] = loose;
  for (const line of questionAt === -1 ? lines : lines.slice(0, questionAt)) {
    const marked = markerLine.exec(line);
    if (marked !== null) {
      open = [];
      blocks.push({ marker: `Source ${marked[1]}`, heading: marked[2] ?? '', text: open });
    } else if (isFrame(line)) {
      open = loose;
    } else if (!ruleLine.test(line) && !labelLine.test(line)) {
      open.push(line);
    }
  }
  const passages = blocks.map(({ text, ...block }) => ({
    ...block,
    text: text.join('\n').trim() || block.heading,
  }));
  const question = questionAt === -1 ? prompt : questionIn(lines.slice(questionAt), isFrame);
  return { question, passages: passages.length > 0 ? passages : selectionIn({ loose, questionAt }) };
}

/** Lines that hold the prompt's random word: one that stands in the line before the first block, and again later. */
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

/** Text before the question and without markers is what the reader selected. */
function selectionIn({ loose, questionAt }: { loose: string[]; questionAt: number }): PromptPassage[] {
  const text = loose.join('\n').trim();
  return questionAt === -1 || text === '' ? [] : [{ marker: null, heading: '', text }];
}
