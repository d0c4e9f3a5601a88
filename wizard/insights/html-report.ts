import { figures } from '../model/display/insights-lines.ts';
import type { BookGap, InsightsReport } from '../model/run/insights-report.ts';

const chart = { width: 720, height: 160, label: 24 };

const style = `
:root{color-scheme:light dark;--ink:#1d2327;--soft:#5c6970;--line:#d9dee1;--paper:#fff;--bar:#2f6f8f;--rest:#e0a458}
@media(prefers-color-scheme:dark){:root{--ink:#e6eaec;--soft:#9caab1;--line:#39434a;--paper:#14191c;--bar:#6db3d1;--rest:#d9a45b}}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,sans-serif}
main{max-width:46rem;margin:0 auto;padding:2rem 1rem 4rem}h1{font-size:1.6rem;margin:0 0 .25rem}
h2{font-size:1.15rem;margin:2.5rem 0 .75rem;padding-bottom:.25rem;border-bottom:1px solid var(--line)}
.soft,figcaption{color:var(--soft)}ul,ol{padding-left:1.4rem}li{margin:.3rem 0}figure{margin:1rem 0}
svg{width:100%;height:auto;display:block}svg text{fill:var(--soft);font-size:11px}.bar{fill:var(--bar)}.rest{fill:var(--rest)}
article{margin:0 0 1.25rem}h3{font-size:1rem;margin:0}.count{display:inline-block;min-width:2.2em;color:var(--soft)}
code{font-size:.9em;overflow-wrap:anywhere}.key{display:inline-block;width:.8em;height:.8em;margin:0 .3em 0 1em}
.key.answered{background:var(--bar)}.key.others{background:var(--rest)}`;

/** One page that loads nothing: no script, no font, no picture. Every text of a reader is escaped. */
export function htmlReport(report: InsightsReport, { title }: { title: string }): string {
  const { gaps, mostAsked, mostCited, neverCited, feedback } = report;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}: what readers asked</title>
<style>${style}</style>
</head>
<body><main>
<h1>${escapeHtml(title)}: what readers asked</h1>
<p class="soft">Since ${escapeHtml(report.since.slice(0, 10))}</p>
<ul>${figures(report)
    .map((text) => `<li>${escapeHtml(text)}</li>`)
    .join('')}</ul>
${daysChart(report)}
<h2>Asked and not found</h2>
${gaps.length === 0 ? '<p>Nothing that was asked twice.</p>' : gaps.map(gapArticle).join('\n')}
<h2>Asked most</h2>
${list(mostAsked.map(({ count, title: text }) => `<span class="count">${count}</span> ${escapeHtml(text)}`))}
<h2>Cited most</h2>
${barChart(mostCited.map(({ url, count }) => ({ name: url, count })))}
<h2>Never cited</h2>
${neverCited === null ? '<p>The book was not at hand.</p>' : list(neverCited.map((url) => `<code>${escapeHtml(url)}</code>`))}
<h2>What readers noted</h2>
${list(
  feedback.notes.map(
    ({ question, rating, tag, note }) =>
      `${escapeHtml(question)}<br><span class="soft">${escapeHtml([rating, tag, note].filter(Boolean).join(' · '))}</span>`,
  ),
)}
</main></body>
</html>
`;
}

/** Text for HTML, also inside a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function list(items: readonly string[]): string {
  return items.length === 0
    ? '<p class="soft">None.</p>'
    : `<ul>${items.map((item) => `<li>${item}</li>`).join('')}</ul>`;
}

function gapArticle({ count, title, examples, nearest, suggestion, refused, votedDown }: BookGap): string {
  const others = examples.filter((example) => example !== title);
  return `<article><h3><span class="count">${count}</span> ${escapeHtml(title)}</h3>
<p class="soft">${refused} refused, ${votedDown} voted down. ${escapeHtml(suggestion)}</p>
<ul>${others.map((example) => `<li>${escapeHtml(example)}</li>`).join('')}</ul>
${nearest.length === 0 ? '' : `<p class="soft">Nearest: ${nearest.map((url) => `<code>${escapeHtml(url)}</code>`).join(', ')}</p>`}</article>`;
}

/** Questions a day, stacked: answered by the model, and all others. */
function daysChart({ days }: InsightsReport): string {
  const most = Math.max(1, ...days.map(({ answered, others }) => answered + others));
  const step = chart.width / Math.max(1, days.length);
  const height = (count: number): number => (count / most) * (chart.height - chart.label);
  const bars = days.map(({ day, answered, others }, at) => {
    const [x, width] = [(at * step + step * 0.1).toFixed(1), (step * 0.8).toFixed(1)];
    const base = chart.height - chart.label;
    const first = base - height(answered);
    return `<g><title>${escapeHtml(day)}: ${answered} answered, ${others} others</title>
<rect class="bar" x="${x}" y="${first.toFixed(1)}" width="${width}" height="${height(answered).toFixed(1)}"/>
<rect class="rest" x="${x}" y="${(first - height(others)).toFixed(1)}" width="${width}" height="${height(others).toFixed(1)}"/></g>`;
  });
  const [first, last] = [days[0]?.day ?? '', days.at(-1)?.day ?? ''];
  return `<figure><svg viewBox="0 0 ${chart.width} ${chart.height}" role="img" aria-label="Questions a day, ${most} at most">
${bars.join('\n')}
<text x="0" y="${chart.height - 6}">${escapeHtml(first)}</text>
<text x="${chart.width}" y="${chart.height - 6}" text-anchor="end">${escapeHtml(last)}</text>
</svg><figcaption>Questions a day, ${most} at most.<span class="key answered"></span>answered<span class="key others"></span>others</figcaption></figure>`;
}

function barChart(rows: readonly { name: string; count: number }[]): string {
  if (rows.length === 0) return '<p class="soft">None.</p>';
  const most = Math.max(...rows.map(({ count }) => count));
  const lines = rows.map(({ name, count }, at) => {
    const y = at * 34;
    return `<text x="0" y="${y + 12}">${escapeHtml(name)} (${count})</text>
<rect class="bar" x="0" y="${y + 17}" width="${((count / most) * chart.width).toFixed(1)}" height="8"/>`;
  });
  return `<figure><svg viewBox="0 0 ${chart.width} ${rows.length * 34}" role="img" aria-label="Sections by how often they were cited">
${lines.join('\n')}
</svg></figure>`;
}
