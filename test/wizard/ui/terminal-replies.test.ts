import { describe, expect, it } from 'vitest';
import { createReplyFilter } from '../../../wizard/ui/terminal-replies.ts';

const replies = {
  'the background colour (OSC 11), ended by BEL': '\u001B]11;rgb:1e1e/1e1e/2e2e\u0007',
  'the same, ended by ST': '\u001B]11;rgb:1e1e/1e1e/2e2e\u001B\\',
  'its name (DCS, XTVERSION)': '\u001BP>|XTerm(390)\u001B\\',
  'a terminfo value (DCS, XTGETTCAP)': '\u001BP1+r524742=382F382F38\u001B\\',
  'of the graphics protocol (APC)': '\u001B_Gi=31;OK\u001B\\',
  'its kind (DA1)': '\u001B[?62;22c',
  'its version (DA2)': '\u001B[>0;276;0c',
  'where its cursor is (CPR)': '\u001B[24;80R',
  'a mode (DECRPM)': '\u001B[?2026;2$y',
  'its size (XTWINOPS)': '\u001B[8;24;80t',
  'the keyboard’s mode': '\u001B[?0u',
  'its status (DSR)': '\u001B[0n',
  'that it has the focus': '\u001B[I',
  'the mouse (SGR)': '\u001B[<35;40;12M',
  'the mouse (X10)': '\u001B[M !!',
  'its colour, in 8 bits': '\u009D11;rgb:1e1e/1e1e/2e2e\u009C',
  'its name, in 8 bits': '\u0090>|XTerm(390)\u009C',
  'its kind, in 8 bits': '\u009B?62;22c',
};

describe('a late reply of the terminal', () => {
  it.each(Object.entries(replies))('about %s is taken out, whole and in pieces', (_, reply) => {
    expect(createReplyFilter()(`ab${reply}c`)).toBe('abc');
    // Escape alone is a key: nothing is held back for it.
    for (let at = 3; at < reply.length; at += 1) {
      const filter = createReplyFilter();
      expect(filter(`a${reply.slice(0, at)}`) + filter(`${reply.slice(at)}b`), `cut at ${at}`).toBe('ab');
    }
  });

  it.each([
    ['arrows', '\u001B[A\u001B[D'],
    ['Ctrl and an arrow', '\u001B[1;5C'],
    ['Home and Delete', '\u001B[H\u001B[3~'],
    ['Escape', '\u001B'],
    ['Alt and a letter', '\u001BP'],
    ['Alt and a bracket', '\u001B]'],
    ['a paste', '\u001B[200~hf_abc=[0n;]11;\u001B[201~'],
    ['text', 'AQ.abc-[?62;22c'],
  ])('is no key: %s stay', (_, keys) => {
    expect(createReplyFilter()(keys)).toBe(keys);
  });

  it('that never ends does not swallow what is typed after Enter', () => {
    const filter = createReplyFilter();
    expect(filter('\u001B]11;rgb:1e')).toBe('');
    expect(filter('\rabc')).toContain('\rabc');
  });
});
