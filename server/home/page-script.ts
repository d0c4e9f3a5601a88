/**
 * The page's script, as text; `page-markup.ts` renders its answers. Addresses are relative, because the page may be
 * framed under another host.
 */
export const pageScript = String.raw`
const $ = (id) => document.getElementById(id);
const log = $('log'), form = $('ask'), box = $('question'), stop = $('stop'), send = form.querySelector('[type=submit]');
let conversation = null, leaving = null, count = 0;

const services = {
  qdrant: ['Search', 'Passages are found by their words alone just now.'],
  gemini: ['Model', 'Answers are quotations from the book just now.'],
  postgres: ['History', 'Conversations are kept in memory just now.'],
};
const states = { good: 'works', bad: 'is away' };

function showService(name, bad) {
  const row = make('li', services[name][0]);
  row.dataset.state = bad ? 'bad' : 'good';
  row.append(make('span', ' ' + states[row.dataset.state], 'unseen'));
  return row;
}

async function showHealth() {
  let health = { status: 'unreachable' };
  try { health = await (await fetch('api/health', { cache: 'no-store' })).json(); } catch { /* shown below */ }
  const failed = health.failed_services || [];
  const known = Object.keys(services).filter((name) => (health.services || {})[name]);
  const words = { starting: 'Waking up …', unreachable: 'The assistant cannot be reached just now.' };
  const note = words[health.status] || known.filter((name) => failed.includes(name))
    .map((name) => services[name][1] + ' (' + (health.services[name].error || health.services[name].status).replace(/\.$/, '') + '.)').join(' ');
  if ($('note').textContent !== note) $('note').textContent = note;
  $('services').replaceChildren(...known.map((name) => showService(name, failed.includes(name))));
  setTimeout(showHealth, health.status === 'healthy' ? 30000 : 4000);
}

function sourceRow(source, id) {
  const row = make('li');
  row.id = id;
  row.tabIndex = -1;
  row.append(linkTo(source.url || '/' + source.file.replace('.md', ''), source.heading || source.title || source.file));
  if (source.title && source.title !== source.heading) row.append(make('span', source.title, 'page'));
  return row;
}

function listOf(sources, start, key) {
  const list = make('ol');
  list.start = start;
  list.append(...sources.map((source, index) => sourceRow(source, key + (start + index))));
  return list;
}

/** The cited ones open, what was only read folded away. */
function showSources(article, { sources, cited, refused, key }) {
  if (sources.length === 0) return;
  const first = cited || sources.length;
  const title = refused ? 'Nearest in the book' : cited ? 'Sources' : 'Read for this';
  article.append(make('h2', title), listOf(sources.slice(0, first), 1, key));
  const rest = sources.slice(first);
  if (rest.length === 0) return;
  const more = make('details');
  more.append(make('summary', 'Also read: ' + rest.length + (rest.length === 1 ? ' section' : ' sections')), listOf(rest, first + 1, key));
  article.append(more);
}

async function* eventsOf(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + value).split('\n');
    rest = lines.pop();
    for (const line of lines) if (line.startsWith('data: ')) yield JSON.parse(line.slice(6));
  }
}

/** Makes a question that is sent twice one turn. */
const randomKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');

const noAnswer = 'The assistant cannot be reached just now. Please try again in a minute.';

/** What may be shown of a refusal: our own words, or, of a page that a proxy sent in our place, none. */
async function refusalOf(response) {
  try { return (await response.json()).message || noAnswer; } catch { return noAnswer; }
}

async function answer(message, article, isAgain) {
  const text = article.querySelector('.text'), key = 's' + (count += 1) + '-';
  let whole = '', drawn = 0, cited = 0, refused = false, failed = false, ended = false;
  const cite = (number) => {
    cited = Math.max(cited, number);
    const mark = make('a', String(number), 'cite');
    mark.href = '#' + key + number;
    mark.setAttribute('aria-label', 'Source ' + number);
    return mark;
  };
  const draw = () => {
    drawn = 0;
    const follows = innerHeight + scrollY > document.documentElement.scrollHeight - 160;
    drawAnswer(text, whole, cite);
    if (follows) scrollTo({ top: document.documentElement.scrollHeight });
  };
  const body = JSON.stringify({ message, mode: 'general', conversation_id: conversation });
  const headers = { 'content-type': 'application/json', accept: 'text/event-stream', 'idempotency-key': randomKey() };
  if (isAgain) headers['cache-control'] = 'no-cache';
  const response = await fetch('api/chat', { method: 'POST', headers, body, signal: leaving.signal });
  if (!response.ok) { text.textContent = await refusalOf(response); return false; }
  try {
    for await (const event of eventsOf(response)) {
      if (event.type === 'metadata') { conversation = event.conversation_id; refused = (event.rungs || []).includes('refused'); }
      if (event.type === 'error') failed = true;
      if (event.type === 'token') { whole += event.content; drawn = drawn || requestAnimationFrame(draw); }
      if (event.type === 'done') {
        ended = true;
        cancelAnimationFrame(drawn);
        draw();
        showSources(article, { sources: event.nearest || event.sources || [], cited, refused: refused || Boolean(event.nearest), key });
      }
    }
  } finally { if (!ended) { cancelAnimationFrame(drawn); draw(); } }
  if (!ended) text.append(make('p', 'The answer broke off.'));
  return ended && !failed;
}

function offerAgain(article, message) {
  article.classList.add('failed');
  const again = make('button', 'Ask again');
  again.type = 'button';
  again.addEventListener('click', () => { if (!leaving) { again.remove(); void submit(message, true); } });
  article.append(again);
}

async function submit(message, isAgain = false) {
  leaving = new AbortController();
  if ($('empty')) $('empty').remove();
  send.hidden = true;
  stop.hidden = false;
  const asked = make('article', message, 'asked'), article = make('article', '', 'answer');
  for (const [one, label] of [[asked, 'You asked'], [article, 'Answer']]) { one.setAttribute('aria-label', label); one.dir = 'auto'; }
  article.setAttribute('aria-busy', 'true');
  article.append(make('div', '', 'text'));
  log.append(asked, article);
  article.scrollIntoView({ block: 'end' });
  let good = false;
  try { good = await answer(message, article, isAgain); }
  catch {
    const words = leaving.signal.aborted ? 'Stopped.' : noAnswer;
    article.querySelector('.text').append(make('p', words, 'aside'));
  }
  article.removeAttribute('aria-busy');
  if (!good) offerAgain(article, message);
  leaving = null;
  const held = document.activeElement === stop;
  stop.hidden = true;
  send.hidden = false;
  if (held || document.activeElement === document.body) box.focus({ preventScroll: true });
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  const message = box.value.trim();
  if (!message || leaving) return;
  box.value = '';
  void submit(message);
});
stop.addEventListener('click', () => leaving && leaving.abort());
box.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  form.requestSubmit();
});
$('mcp').textContent = new URL('mcp', location.href).href;
void showHealth();
`.trim();
