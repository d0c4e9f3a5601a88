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
  signal: AbortSignal;
};

/** Puts a prompt as lines of text and reads one line, or Esc or Ctrl-C. */
export async function askPlain(asking: PlainPrompt): Promise<Reply> {
  const { prompt, reader: typist, write, mark } = asking;
  // Before the first word: who pastes at once must not see the key echoed.
  typist.open();
  write([line(''), ...mark(promptLines(prompt))]);
  if (prompt.type === 'choice') write(numberedChoices(prompt));
  write([line(inputHint(prompt))]);
  for (;;) {
    const typed = await readLine(asking);
    const reply = parseReply(prompt, typed);
    if ('type' in reply) return reply;
    write(reply.again);
  }
}

function readLine({ prompt, reader: typist, signal }: PlainPrompt): Promise<TypedLine> {
  const masked = prompt.type === 'value' && prompt.question.masked;
  return typist.read({ masked, signal });
}

type ChoicePrompt = Extract<Prompt, { type: 'choice' }>;

/** A longer list is searched: what follows is found by typing a part of it. */
const maxListed = 30;

function numberedChoices({ choices }: ChoicePrompt, wanted: readonly Choice[] = choices): Line[] {
  const rows = choices.flatMap((choice, index) =>
    wanted.includes(choice) ? [line(`  ${index + 1}. ${choice.label}${noteOf(choice)}`, 'plain', 5)] : [],
  );
  const left = rows.length - maxListed;
  return [...rows.slice(0, maxListed), ...(left > 0 ? [line(`  and ${left} more`)] : [])];
}

const noteOf = ({ note }: Choice): string => (note === null ? '' : ` (${note})`);

/** By its number; in a searched list also by a part of its name. */
function readChoice(prompt: ChoicePrompt, typed: string): Reply | { again: Line[] } {
  const { choices, isSearched } = prompt;
  const byNumber = /^\d+$/.test(typed) ? choices[Number(typed) - 1] : undefined;
  if (byNumber !== undefined) return { type: 'choice', value: byNumber.value };
  const again = `Type a number from 1 to ${choices.length}.`;
  if (isSearched !== true || typed === '') return askAgain(again);
  const found = filterChoices(choices, typed);
  const exact = choices.filter(({ label }) => label.toLowerCase() === typed.toLowerCase());
  const [only] = exact.length === 1 ? exact : found;
  if (only !== undefined && (exact.length === 1 || found.length === 1))
    return { type: 'choice', value: only.value };
  if (found.length === 0) return askAgain(`None of the ${choices.length} has “${typed}” in it. ${again}`);
  const { again: then } = askAgain('Type one of these numbers, or more of the name.');
  return { again: [...numberedChoices(prompt, found), ...then] };
}

function inputHint(prompt: Prompt): string {
  const back = 'canGoBack' in prompt && prompt.canGoBack ? ' Esc goes back.' : '';
  switch (prompt.type) {
    case 'value': {
      const what = prompt.question.masked ? 'Paste it, then Enter; it is not shown.' : 'Type it, then Enter.';
      const accept = prompt.proposal === null ? '' : ' Enter alone takes what was found.';
      return `${what}${accept}${back} Ctrl-C cancels.`;
    }
    case 'choice':
      return `Type a number from 1 to ${prompt.choices.length}${prompt.isSearched === true ? ' or a part of a name' : ''}, then Enter.${back} Ctrl-C cancels.`;
    case 'confirm-plan':
      return 'Enter alone applies it. Esc does not. Ctrl-C cancels.';
    case 'pause':
      return 'Enter ends it.';
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
