import { Parser as HtmlParser } from 'htmlparser2';

/** The scripts that an HTML page contains; everything else is blank, so offsets are those of the page. */
export function inlineScripts(html: string): string {
  const ranges: TextRange[] = [];
  let isScript = false;
  const parser = new HtmlParser({
    onopentag: (name, { type = '' }) => {
      isScript = name === 'script' && /^$|javascript|module|babel/.test(type);
    },
    ontext: (text) => {
      if (isScript) ranges.push({ start: parser.startIndex, end: parser.startIndex + text.length });
    },
    onclosetag: () => {
      isScript = false;
    },
  });
  parser.end(html);
  return blankExcept(html, ranges);
}

type TextRange = { start: number; end: number };

/** These ranges, each a statement of its own; everything else is blank. */
export function blankExcept(text: string, ranges: readonly TextRange[]): string {
  let kept = '';
  for (const { start, end } of ranges) {
    const gap = ' '.repeat(start - kept.length);
    kept += (kept === '' ? gap : gap.replace(' ', ';')) + text.slice(start, end);
  }
  return kept;
}
