/**
 * The page's own script, as text. It writes with `textContent` alone, so that no answer becomes markup, and
 * follows links of sources only to http addresses. Addresses are relative: the page may sit in a frame.
 */
export const pageScript = `
(() => {
  const $ = (id) => document.getElementById(id);
  const base = document.body.dataset.book;
  const log = $('log'), form = $('ask'), box = $('question'), stop = $('stop'), send = form.querySelector('[type=submit]');
  let conversation = null, leaving = null;

  const make = (name, text, className) => {
    const one = document.createElement(name);
    if (text) one.textContent = text;
    if (className) one.className = className;
    return one;
  };

  async function showHealth() {
    let health;
    try { health = await (await fetch('api/health', { cache: 'no-store' })).json(); } catch { health = { status: 'unreachable' }; }
    const names = { qdrant: 'search', postgres: 'history', gemini: 'model' };
    const failed = health.failed_services || [];
    const rows = Object.entries(health.services || {}).filter(([name]) => names[name]).map(([name, one]) => {
      const bad = failed.includes(name);
      const row = make('li', names[name] + (bad ? ': ' + (one.error || one.status) : ''));
      row.dataset.state = bad ? 'bad' : 'good';
      return row;
    });
    const known = rows.map((row) => row.textContent).join();
    if (rows.length === 0) rows.push(make('li', health.status));
    if ($('services').dataset.known !== known || rows.length === 1) $('services').replaceChildren(...rows);
    $('services').dataset.known = known;
    setTimeout(showHealth, health.status === 'healthy' ? 30000 : 4000);
  }

  function sourceRow(source) {
    const row = make('li');
    const address = source.url || '/' + source.file.replace('.md', '');
    const label = source.heading || source.title || source.file;
    if (!base && !/^https?:/.test(address)) { row.textContent = label; return row; }
    const link = make('a', label);
    link.href = new URL(address, base || location.href).href;
    link.target = '_blank';
    link.rel = 'noopener';
    row.append(link);
    return row;
  }

  function showSources(article, sources) {
    if (!sources || sources.length === 0) return;
    const list = make('ol');
    list.append(...sources.map(sourceRow));
    article.append(make('h2', 'Sources'), list);
  }

  async function* events(response) {
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const lines = (rest + value).split('\\n');
      rest = lines.pop();
      for (const line of lines) if (line.startsWith('data: ')) yield JSON.parse(line.slice(6));
    }
  }

  async function answer(message, article, text) {
    leaving = new AbortController();
    const body = JSON.stringify({ message, mode: 'general', conversation_id: conversation });
    const headers = { 'content-type': 'application/json', accept: 'text/event-stream' };
    const response = await fetch('api/chat', { method: 'POST', headers, body, signal: leaving.signal });
    if (!response.ok) throw new Error((await response.json()).message);
    for await (const event of events(response)) {
      if (event.type === 'metadata') conversation = event.conversation_id;
      if (event.type === 'token') text.textContent += event.content;
      if (event.type === 'done') showSources(article, event.sources);
      article.scrollIntoView({ block: 'nearest' });
    }
  }

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const message = box.value.trim();
    if (!message || leaving) return;
    box.value = '';
    send.disabled = true;
    stop.hidden = false;
    const article = make('article'), text = make('div', '', 'text');
    article.setAttribute('aria-busy', 'true');
    article.append(text);
    log.append(make('article', message, 'asked'), article);
    try { await answer(message, article, text); }
    catch (error) { text.textContent += leaving.signal.aborted ? ' (stopped)' : error.message || 'No answer. Please try again.'; }
    article.removeAttribute('aria-busy');
    leaving = null;
    send.disabled = false;
    stop.hidden = true;
    box.focus();
  });
  stop.addEventListener('click', () => leaving && leaving.abort());
  box.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  showHealth();
})();
`.trim();
