import { Text, useWindowSize } from 'ink';
import TextInput from 'ink-text-input';
import { useRef, useState, type ReactNode } from 'react';
import { line, type Line } from '../../model/display/line.ts';
import type { Prompt, Reply } from '../../model/question.ts';
import { maskText, mustMask } from '../mask.ts';
import { actionOf, valueBindings, type KeyName } from '../keys.ts';
import { promptLines } from '../prompt-lines.ts';
import { editField, emptyField, type Edit, type Field } from './field.ts';
import { LineView, useTone } from './line-view.tsx';
import { LiveArea } from './live-area.tsx';
import { useKeys, type KeyPress } from './use-keys.ts';

const edits: Partial<Record<KeyPress['name'], Edit>> = {
  backspace: { type: 'erase' },
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

/** A value, pasted or typed, and sent by a separate Enter. */
export function ValueScreen(props: {
  prompt: Extract<Prompt, { type: 'value' }>;
  checking: Line | null;
  onReply: (reply: Reply) => void;
}): ReactNode {
  const { prompt, checking, onReply } = props;
  const { masked, optional } = prompt.question;
  const [field, setField] = useState(emptyField);
  const { columns } = useWindowSize();
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
  const bindings = valueBindings({
    canGoBack: prompt.canGoBack,
    hasText: field.text !== '',
    hasProposal: prompt.proposal !== null,
    optional,
  });
  const actions = {
    next: send,
    clear: () => edit({ type: 'clear' }),
    back: () => onReply({ type: 'back' }),
    cancel: () => onReply({ type: 'cancel' }),
  };
  useKeys({
    onKey: ({ name, letter }) => {
      const fieldEdit = edits[name];
      if (name === 'letter') edit({ type: 'insert', text: letter });
      else if (fieldEdit !== undefined) edit(fieldEdit);
      else {
        const action = actionOf(bindings, { name: name as KeyName, letter });
        if (action !== null) actions[action]();
      }
    },
    onPaste: (text) => edit({ type: 'insert', text }),
  });
  return (
    <LiveArea lines={promptLines(prompt)} bindings={bindings}>
      <FieldView field={field} masked={masked} />
      {wasSentEmpty && field.text === '' ? (
        <LineView line={line('A value is needed.', 'warn')} columns={columns} />
      ) : null}
      {checking === null ? null : <LineView line={checking} columns={columns} isCut />}
    </LiveArea>
  );
}
