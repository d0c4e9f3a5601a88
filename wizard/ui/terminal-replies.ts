/**
 * A terminal answers questions that a program before us asked (its colours, its version, where its cursor is), and over
 * a slow connection the answer comes while the user types. ECMA-48 and xterm's control sequences name the forms.
 */

/** OSC, DCS, APC, PM and SOS open a text that BEL or ST ends; `ESC P` alone is Alt and a letter. */
const textReply = /\u001B[\]P_^X][^\u0007\u001B\r\n]+(?:\u0007|\u001B\\)/g;
/** Answers with a private sign (`ESC [ ? 6 2 ; 2 2 c`), positions, states and sizes, and focus. No key sends these. */
const shortReply = /\u001B\[(?:[?>=][\d;:]*[ -/]*[@-~]|\d+(?:;\d+)*[nRt]|[IO])/g;
/** The beginning of a reply at the end of what has arrived. */
const unfinished = /\u001B(?:[\]P_^X][^\u0007\u001B\r\n]+\u001B?|\[(?:[?>=][\d;:]*[ -/]*|\d+(?:;\d*)*))$/;
const longestReply = 4_096;

/** Takes the terminal's replies out of what it sends, also where one arrives in pieces. */
export function createReplyFilter(): (chunk: string) => string {
  let held = '';
  return (chunk) => {
    const text = (held + chunk).replaceAll(textReply, '').replaceAll(shortReply, '');
    const [start = ''] = unfinished.exec(text) ?? [];
    held = start.length > longestReply ? '' : start;
    return text.slice(0, text.length - start.length);
  };
}
