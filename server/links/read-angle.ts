import type { Segment } from './address-filter.ts';
import type { LinkRule } from './allow-links.ts';

const maxLength = 500;
const htmlNames = new Set(
  (
    'a abbr address area article aside audio b base bdi bdo blockquote body br button canvas caption center cite code ' +
    'col colgroup data datalist dd del details dfn dialog div dl dt em embed fieldset figcaption figure font footer ' +
    'form frame frameset g h1 h2 h3 h4 h5 h6 head header hr html i iframe image img input ins kbd label legend li ' +
    'link main map mark math menu meta meter nav noscript object ol optgroup option output p param path picture pre ' +
    'progress q rp rt ruby s samp script search section select slot small source span strong style sub summary sup ' +
    'svg table tbody td template textarea tfoot th thead time title tr track tt u ul use var video wbr xmp'
  ).split(' '),
);
/** `List<String>` and `std::vector<std::string>`, without attributes. */
const typeParameter = /^[A-Za-z][\w.]*(?:::[A-Za-z]\w*)*[*&]?(?:\[\])?$/;

/**
 * What a `<` at `at` becomes: an allowed autolink stays; before a tag, a comment or another autolink a blank makes it
 * text for Markdown and for HTML.
 */
export function readAngle({
  buffer,
  at,
  before,
  isEnd,
  isAllowed,
}: {
  buffer: string;
  at: number;
  /** The character before. */
  before: string;
  isEnd: boolean;
  isAllowed: LinkRule;
}): (Segment & { length: number }) | 'more' {
  const next = buffer[at + 1];
  if (next === undefined && !isEnd) return 'more';
  if (next === undefined || !/[^\s\u0021-\u007e]|[\w/!?.#$%&'*+=^`{|}~[-]/.test(next))
    return { kind: 'text', text: '<', length: 1 };
  let end = at + 1;
  while (end < buffer.length && end - at < maxLength && !/[\s<>]/.test(buffer[end] ?? '')) end += 1;
  if (end === buffer.length && !isEnd && end - at < maxLength) return 'more';
  const content = buffer.slice(at + 1, end);
  const isClosed = buffer[end] === '>';
  const isLink =
    isClosed && (isAllowed(content) || isAllowed(`mailto:${content}`)) && /^https?:|^[^:]+@/i.test(content);
  if (isLink) return { kind: 'link', text: `<${content}>`, length: content.length + 2 };
  const isTag = /[A-Za-z/!?&[]|[^ -~]/.test(next) || (isClosed && content.includes('@'));
  if (!isTag) return { kind: 'text', text: '<', length: 1 };
  const isType = (isClosed || buffer[end] === '<') && /\w/.test(before) && typeParameter.test(content);
  const isCode = isType && !htmlNames.has(content.toLowerCase());
  return { kind: 'text', text: isCode ? '<' : '< ', length: 1 };
}
