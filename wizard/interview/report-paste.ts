import type { Session } from '../model/runtime.ts';
import type { ParsedPaste } from '../paste/parse-paste.ts';

const maxNames = 6;

/** Reports what a paste contained, and what was cleaned of it. */
export function reportPaste({ emit }: Pick<Session, 'emit'>, paste: ParsedPaste): void {
  const { used, ignored, ignoredNames } = paste;
  const cleaned = [...new Set(Object.values(paste.values).flatMap((value) => value.cleaned))];
  if (used + ignored > 1) {
    const message = `Used ${used}, ignored ${ignored}${listed(ignoredNames)}.`;
    emit({ type: 'notice', code: 'pasted', message, remedy: '' });
  }
  if (cleaned.length > 0) {
    emit({ type: 'notice', code: 'cleaned', message: `Cleaned: ${cleaned.join(', ')}.`, remedy: '' });
  }
}

/** Reports a paste that held no value of this tool. */
export function reportUselessPaste({ emit }: Pick<Session, 'emit'>): void {
  const message = 'Nothing in that paste is a value that this tool uses.';
  emit({ type: 'notice', code: 'pasted', message, remedy: '' });
}

function listed(names: readonly string[]): string {
  if (names.length === 0) return '';
  return `: ${names.slice(0, maxNames).join(', ')}${names.length > maxNames ? ', …' : ''}`;
}
