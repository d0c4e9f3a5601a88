/** The text being typed; the cursor is before the character with that index. */
export type Field = { text: string; cursor: number };

/** A change of the field by a key or paste. */
export type Edit =
  | { type: 'insert'; text: string }
  | { type: 'erase' }
  | { type: 'erase-next' }
  | { type: 'erase-word' }
  | { type: 'clear' }
  | { type: 'move'; by: number }
  | { type: 'home' }
  | { type: 'end' };

export const emptyField: Field = { text: '', cursor: 0 };

function placeCursor(text: string, cursor: number): Field {
  return { text, cursor: Math.max(0, Math.min(cursor, text.length)) };
}

/** The field after one edit. */
export function editField({ text, cursor }: Field, edit: Edit): Field {
  const before = text.slice(0, cursor);
  const after = text.slice(cursor);
  switch (edit.type) {
    case 'insert':
      return placeCursor(before + edit.text + after, cursor + edit.text.length);
    case 'erase': {
      const kept = [...before].slice(0, -1).join('');
      return placeCursor(kept + after, kept.length);
    }
    case 'erase-next':
      return placeCursor(before + [...after].slice(1).join(''), cursor);
    case 'erase-word': {
      const kept = before.replace(/\S*\s*$/, '');
      return placeCursor(kept + after, kept.length);
    }
    case 'clear':
      return emptyField;
    case 'move':
      return placeCursor(text, cursor + edit.by);
    case 'home':
      return placeCursor(text, 0);
    case 'end':
      return placeCursor(text, text.length);
    default:
      return edit satisfies never;
  }
}
