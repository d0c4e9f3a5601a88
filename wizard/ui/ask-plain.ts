import { line, type Line } from '../model/display/line.ts';
import type { Choice, Prompt, Reply } from '../model/question.ts';
import { mustMask } from './mask.ts';
import { promptLines } from './prompt-lines.ts';
import { filterChoices } from './filter-choices.ts';
import type { TypedLine, LineReader } from './line-reader.ts';

type PlainPrompt<P extends Prompt = Prompt> = {
  prompt: P;
  reader: LineReader;
  write: (lines: readonly Line[]) => void;
  mark: (lines: Line[]) => Line[];
  /** Opens a page in the browser. */
  open: (url: string) => void;
  signal: AbortSignal;
};

/** Writes a prompt as lines of text and reads the reply: one line, Esc or Ctrl-C. */
export async function askPlain(options: PlainPrompt): Promise<Reply> {
  const { prompt, reader, write, mark, open } = options;
  // Before anything is written: a key that is pasted immediately must not be echoed.
  reader.open();
  write([line(''), ...mark(promptLines(prompt))]);
  if (prompt.type === 'choice') write(numberedChoices(prompt));
  write([line(inputHint(prompt))]);
  for (;;) {
    const typed = await readLine(options);
    const reply = parseReply(prompt, typed);
    if (!('type' in reply)) write(reply.again);
    else {
      const link = linkOpenedBy(prompt, reply);
      if (link === null) return reply;
      open(link);
    }
  }
}

/** The page that a choice opens instead of answering. */
function linkOpenedBy(prompt: Prompt, reply: Reply): string | null {
  if (prompt.type !== 'choice' || reply.type !== 'choice') return null;
  const choice = prompt.choices.find(({ value }) => value === reply.value);
  return choice?.opensLink === true ? (prompt.link ?? null) : null;
}

function readLine({ prompt, reader, signal }: PlainPrompt): Promise<TypedLine> {
  const masked = prompt.type === 'value' && prompt.question.masked;
  return reader.read({ masked, signal });
}

type ChoicePrompt = Extract<Prompt, { type: 'choice' }>;

/** Choices beyond these are not listed; they are found by typing a part of their name. */
const maxListed = 30;

function numberedChoices({ choices }: ChoicePrompt, shown: readonly Choice[] = choices): Line[] {
  const rows = choices.flatMap((choice, index) =>
    shown.includes(choice) ? [line(`  ${index + 1}. ${choice.label}${noteOf(choice)}`, 'plain', 5)] : [],
  );
  const hidden = rows.length - maxListed;
  return [...rows.slice(0, maxListed), ...(hidden > 0 ? [line(`  and ${hidden} more`)] : [])];
}

const noteOf = ({ note }: Choice): string => (note === null ? '' : ` (${note})`);

/** A choice by its number; in a searched list also by a part of its name. */
function readChoice(prompt: ChoicePrompt, typed: string): Reply | { again: Line[] } {
  const { choices, isSearched } = prompt;
  const byNumber = /^\d+$/.test(typed) ? choices[Number(typed) - 1] : undefined;
  if (byNumber !== undefined) return { type: 'choice', value: byNumber.value };
  const again = `Type a number from 1 to ${choices.length}.`;
  if (isSearched !== true || typed === '') return askAgain(again);
  const matches = filterChoices(choices, typed);
  const exact = choices.filter(({ label }) => label.toLowerCase() === typed.toLowerCase());
  const [only] = exact.length === 1 ? exact : matches;
  if (only !== undefined && (exact.length === 1 || matches.length === 1))
    return { type: 'choice', value: only.value };
  if (matches.length === 0) return askAgain(`None of the ${choices.length} contains “${typed}”. ${again}`);
  const hint = askAgain('Type one of these numbers, or more of the name.');
  return { again: [...numberedChoices(prompt, matches), ...hint.again] };
}

function inputHint(prompt: Prompt): string {
  const back = 'canGoBack' in prompt && prompt.canGoBack ? ' Esc goes back.' : '';
  switch (prompt.type) {
    case 'value': {
      const what = prompt.question.masked ? 'Paste it, then Enter; it is not shown.' : 'Type it, then Enter.';
      const accept = prompt.proposal === null ? '' : ' Enter alone uses the proposed value.';
      return `${what}${accept}${back} Ctrl-C cancels.`;
    }
    case 'choice':
      return `Type a number from 1 to ${prompt.choices.length}${prompt.isSearched === true ? ' or a part of a name' : ''}, then Enter.${back} Ctrl-C cancels.`;
    case 'confirm-plan':
      return 'Enter alone applies it. Esc does not. Ctrl-C cancels.';
    case 'pause':
      return 'Press Enter to exit.';
    default:
      return prompt satisfies never;
  }
}

function askAgain(text: string): { again: Line[] } {
  return { again: [line(text)] };
}

function parseReply(prompt: Prompt, typed: TypedLine): Reply | { again: Line[] } {
  if (typed.end === 'cancel') return { type: 'cancel' };
  const isEmpty = typed.text.trim() === '';
  if (prompt.type === 'pause') return { type: 'accept' };
  if (typed.end === 'back') {
    const isFree = prompt.canGoBack || prompt.type === 'confirm-plan';
    return isFree ? { type: 'back' } : askAgain('This is the first question.');
  }
  switch (prompt.type) {
    case 'value':
      if (!isEmpty) return { type: 'value', raw: typed.text };
      if (prompt.proposal !== null) return { type: 'accept' };
      return prompt.question.optional ? { type: 'value', raw: '' } : askAgain('A value is needed.');
    case 'choice':
      if (prompt.takesPaste === true && mustMask(typed.text)) return { type: 'value', raw: typed.text };
      return readChoice(prompt, typed.text.trim());
    case 'confirm-plan':
      return isEmpty
        ? { type: 'accept' }
        : askAgain('Nothing was applied. Enter alone applies, Esc does not.');
    default:
      return prompt satisfies never;
  }
}
