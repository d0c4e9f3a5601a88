/**
 * A terminal answers questions that a program before us asked (its colours, its version, where its cursor is), and over
 * a slow connection the answer comes while the user types. ECMA-48 and xterm's control sequences name the forms.
 */

/** OSC, DCS, APC, PM and SOS open a text that BEL or ST ends, in 7 or 8 bits; `ESC P` alone is Alt and a letter. */
const textReply =
  /(?:\u001B[\]P_^X]|[\u0090\u0098\u009D-\u009F])[^\u0007\u001B\u009C\r\n]+(?:\u0007|\u001B\\|\u009C)/g;
/**
 * Answers with a private sign (`ESC [ ? 6 2 ; 2 2 c`, the mouse's `ESC [ < …`), positions, states and sizes, focus, and
 * the older mouse's three characters. No key sends these.
 */
const shortReply = /(?:\u001B\[|\u009B)(?:[?>=<][\d;:]*[ -/]*[@-~]|\d+(?:;\d+)*[nRt]|[IO]|M[ -\u00FF]{3})/g;
/** The beginning of a reply at the end of what has arrived. */
const unfinished =
  /(?:(?:\u001B[\]P_^X]|[\u0090\u0098\u009D-\u009F])[^\u0007\u001B\u009C\r\n]+\u001B?|(?:\u001B\[|\u009B)(?:[?>=<][\d;:]*[ -/]*|\d+(?:;\d*)*|M[ -\u00FF]{0,2}))$/;
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
