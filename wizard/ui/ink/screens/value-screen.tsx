import { Text } from 'ink';
import TextInput from 'ink-text-input';
import { use, useRef, useState, type ReactNode } from 'react';
import { line } from '../../../model/display/line.ts';
import type { Prompt, Reply } from '../../../model/question.ts';
import { valueBindings } from '../../keys.ts';
import { maskText, mustMask } from '../../mask.ts';
import { promptLines, shortTitle } from '../../prompt-lines.ts';
import { editField, emptyField, type Edit, type Field } from '../parts/field.ts';
import { InterviewSoFar } from '../parts/interview-so-far.tsx';
import { KeyList, questionIndent } from '../parts/key-list.tsx';
import { LineView, useTone } from '../parts/line-view.tsx';
import { LiveArea } from '../parts/live-area.tsx';
import { ScreenContext } from '../parts/screen-context.ts';
import { isRoomy } from '../parts/window.ts';
import { useCommands, type Area } from '../terminal/use-commands.ts';
import type { KeyPress } from '../terminal/use-keys.ts';

const edits: Partial<Record<KeyPress['name'], Edit>> = {
  backspace: { type: 'erase' },
  delete: { type: 'erase-next' },
  'ctrl-u': { type: 'clear' },
  'ctrl-w': { type: 'erase-word' },
  left: { type: 'move', by: -1 },
  right: { type: 'move', by: 1 },
  home: { type: 'home' },
  end: { type: 'end' },
};

const ignored = (): void => undefined;

/** Secrets show bullets and, if long enough, their last four characters, with the cursor at the end. */
function FieldView({ field, masked }: { field: Field; masked: boolean }): ReactNode {
  const dim = useTone('dim');
  const { text, cursor } = field;
  if (masked || mustMask(text)) {
    const { hiddenCount: bullets, visibleEnd: tail, note } = maskText(text);
    return (
      <Text>
        {'> '}
        <TextInput value={text.slice(0, bullets)} mask="•" focus={false} onChange={ignored} />
        {tail}
        <Text inverse> </Text>
        <Text {...dim}>{note === '' ? '' : `  ${note}`}</Text>
      </Text>
    );
  }
  return (
    <Text>
      {'> '}
      <TextInput value={text.slice(0, cursor)} focus={false} onChange={ignored} />
      <Text inverse>{text[cursor] ?? ' '}</Text>
      {text.slice(cursor + 1)}
    </Text>
  );
}

type ValuePrompt = Extract<Prompt, { type: 'value' }>;

/** A value, pasted or typed, and sent by a separate Enter. Only Ctrl and function keys are commands. */
export function ValueScreen(props: { prompt: ValuePrompt; onReply: (reply: Reply) => void }): ReactNode {
  const { prompt, onReply } = props;
  const { optional } = prompt.question;
  const [field, setField] = useState(emptyField);
  const [wasSentEmpty, setIsPressed] = useState(false);
  // A second key can arrive before React has rendered the first: this ref is current, the state is for rendering.
  const latest = useRef(emptyField);
  const edit = (change: Edit): void => {
    latest.current = editField(latest.current, change);
    setField(latest.current);
  };
  const send = (): void => {
    const raw = latest.current.text;
    if (raw.trim() !== '') onReply({ type: 'value', raw });
    else if (prompt.proposal !== null) onReply({ type: 'accept' });
    else if (optional) onReply({ type: 'value', raw: '' });
    else setIsPressed(true);
  };
  const area = useCommands({
    bindings: valueBindings({
      canGoBack: prompt.canGoBack,
      hasText: field.text !== '',
      hasProposal: prompt.proposal !== null,
      optional,
    }),
    actions: {
      next: send,
      back: () => onReply({ type: 'back' }),
      cancel: () => onReply({ type: 'cancel' }),
    },
    link: prompt.question.link,
    onOtherKey: ({ name, letter }) => {
      const fieldEdit = edits[name];
      if (name === 'letter') edit({ type: 'insert', text: letter });
      else if (fieldEdit !== undefined) edit(fieldEdit);
    },
    onPaste: (text) => edit({ type: 'insert', text }),
  });
  return (
    <ValueLayout
      prompt={prompt}
      area={area}
      field={field}
      isEmptyRefused={wasSentEmpty && field.text === ''}
    />
  );
}

/** In the checklist where the value is a key of it and the window is large enough, else below. */
function ValueLayout(props: {
  prompt: ValuePrompt;
  area: Area;
  field: Field;
  isEmptyRefused: boolean;
}): ReactNode {
  const { prompt, area, field, isEmptyRefused } = props;
  const { question, problem } = prompt;
  const { outline } = use(ScreenContext);
  const { size } = use(ScreenContext);
  const { service } = question;
  const isListed =
    isRoomy(size) && outline?.phase === 'keys' && outline.keys.some((key) => key.service === service);
  const columns = isListed ? size.columns - questionIndent : size.columns;
  const [title, ...details] = promptLines(prompt);
  const input = (
    <>
      <FieldView field={field} masked={question.masked} />
      {isEmptyRefused ? <LineView line={line('A value is needed.', 'warn')} columns={columns} /> : null}
    </>
  );
  if (!isListed || service === null)
    return (
      <LiveArea lines={[]} {...area}>
        <InterviewSoFar />
        {[title, ...details].map((entry, index) =>
          // oxlint-disable-next-line react/no-array-index-key -- lines may repeat; only their position identifies them.
          entry === undefined ? null : <LineView key={index} line={entry} columns={columns} />,
        )}
        {input}
      </LiveArea>
    );
  // The row of the service has the sign already.
  const listed = details.map((entry) => ({ ...entry, text: entry.text.replace(/^✗ /, ''), indent: 0 }));
  const current = { service, text: shortTitle(question), isProblem: problem !== null };
  return (
    <LiveArea lines={[]} {...area}>
      <KeyList current={current}>
        {listed.map((entry, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- lines may repeat; only their position identifies them.
          <LineView key={index} line={entry} columns={columns} />
        ))}
        {input}
      </KeyList>
    </LiveArea>
  );
}
