import xterm from '@xterm/headless';

const theme = {
  background: '#1d2127',
  text: '#d4d8df',
  palette: ['#1d2127', '#f07178', '#a8cc8c', '#e5c07b', '#71bef2', '#d290e4', '#66c2cd', '#d4d8df'],
};
const cell = { width: 8.4, height: 18, font: 14 };
const border = 16;

/** A cell's style as SVG attributes; empty for plain text. */
function styleOf(attributes) {
  const color = attributes.isFgPalette() ? theme.palette[attributes.getFgColor() % 8] : theme.text;
  return [
    attributes.isInverse() ? 'class="i"' : color === theme.text ? '' : `fill="${color}"`,
    attributes.isBold() ? 'font-weight="bold"' : '',
    attributes.isDim() ? 'opacity=".62"' : '',
    attributes.isUnderline() ? 'text-decoration="underline"' : '',
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** A row as SVG text: each run of cells with the same style is one element, at its column. */
function drawRow(line, columns) {
  const runs = [];
  for (let column = 0; column < columns; column++) {
    const character = line?.getCell(column);
    if (character === undefined || character.getWidth() === 0) continue;
    const [text, style] = [character.getChars() || ' ', styleOf(character)];
    const last = runs.at(-1);
    if (last?.style === style) last.text += text;
    else runs.push({ style, text, column });
  }
  return runs
    .filter(({ style, text }) => text.trim() !== '' || style.includes('class="i"'))
    .map(({ style, text, column }) => {
      const [x, width] = [column * cell.width, [...text].length * cell.width];
      if (style.includes('class="i"')) {
        return `<rect x="${x.toFixed(1)}" y="-13" width="${width.toFixed(1)}" height="17" fill="${theme.text}"/>`;
      }
      // Fonts differ in width: every run is stretched or squeezed into its own cells.
      const [bare, lead] = [text.trim(), text.length - text.trimStart().length];
      const place = `x="${(x + lead * cell.width).toFixed(1)}" textLength="${([...bare].length * cell.width).toFixed(1)}"`;
      return `<text ${place}${style === '' ? '' : ` ${style}`}>${escaped(bare)}</text>`;
    })
    .join('');
}

/** The visible rows of a terminal as SVG. */
export function rowsOf({ buffer: { active }, rows, cols }) {
  return Array.from({ length: rows }, (_, row) => drawRow(active.getLine(active.viewportY + row), cols));
}

/**
 * The frames of a recording, `[{ at, rows }]`, `at` in seconds: at most four a second, half-drawn ones left out.
 * A wait is shown for `idle` seconds at most.
 */
export async function framesOf({ events, columns, rows, idle }) {
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  const frames = [];
  let [drawn, shown, last] = ['', 0, 0];
  for (const { at, text } of events) {
    await new Promise((resolve) => terminal.write(text, resolve));
    drawn += text;
    shown += Math.min(at - last, idle);
    last = at;
    if (drawn.lastIndexOf('\u001B[?2026h') > drawn.lastIndexOf('\u001B[?2026l')) continue;
    const picture = rowsOf(terminal);
    const before = frames.at(-1);
    if (before !== undefined && shown - before.at < 0.25) before.rows = picture;
    else if (before?.rows.join('') !== picture.join('')) frames.push({ at: shown, rows: picture });
  }
  return frames;
}

/** An SVG of one frame, or an endless animation of several; the last one stays for `rest` seconds. */
export function drawFrames({ frames, columns, rows, rest = 0 }) {
  const width = Math.ceil(columns * cell.width + 2 * border);
  const height = rows * cell.height + 2 * border;
  const ids = new Map();
  for (const row of frames.flatMap((frame) => frame.rows)) {
    if (row !== '' && !ids.has(row)) ids.set(row, `r${ids.size}`);
  }
  const total = (frames.at(-1)?.at ?? 0) + rest;
  const strip = frames.map(({ rows: lines }, index) => {
    const uses = lines.map((row, at) =>
      row === '' ? '' : `<use href="#${ids.get(row)}" y="${(at + 1) * cell.height - 4 + index * height}"/>`,
    );
    return uses.join('');
  });
  const steps = frames.map(
    ({ at }, index) =>
      `${index === 0 ? 0 : ((at / total) * 100).toFixed(2)}%{transform:translateY(${-index * height}px)}`,
  );
  const motion =
    frames.length < 2
      ? ''
      : `@keyframes k{${steps.join('')}100%{transform:translateY(${-(frames.length - 1) * height}px)}}` +
        `.k{animation:k ${total.toFixed(1)}s steps(1,end) infinite}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" xml:space="preserve" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    `<style>text{white-space:pre}${motion}</style>`,
    `<rect width="100%" height="100%" rx="8" fill="${theme.background}"/>`,
    `<defs>${[...ids].map(([row, id]) => `<g id="${id}">${row}</g>`).join('')}</defs>`,
    `<svg x="${border}" y="${border}" width="${width - 2 * border}" height="${height - 2 * border}" overflow="hidden">`,
    `<g font-size="${cell.font}" font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace">`,
    `<g class="k" fill="${theme.text}">${strip.join('')}</g></g></svg></svg>`,
  ].join('\n');
}
