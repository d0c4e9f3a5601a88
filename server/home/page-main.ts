/**
 * The script of the Space's page: the state of the services, and the chat. Addresses are relative, because the page may be
 * framed under another host.
 */
import { Chat } from '../widget/chat/chat.ts';
import { make } from '../widget/chat/elements.ts';
import { englishTexts } from '../widget/chat/texts.ts';

type Health = {
  status: string;
  services?: Record<string, { status: string; error?: string }>;
  failed_services?: string[];
};

const services: Record<string, { name: string; whenAway: string }> = {
  qdrant: { name: 'Search', whenAway: 'Passages are found by their words alone just now.' },
  gemini: { name: 'Model', whenAway: 'Answers are quotations from the book just now.' },
  postgres: { name: 'History', whenAway: 'Conversations are kept in memory just now.' },
};
const statusNotes: Record<string, string> = {
  starting: 'Waking up …',
  unreachable: 'The assistant cannot be reached just now.',
};

function drawService(name: string, isAway: boolean): HTMLLIElement {
  const row = make('li', services[name]?.name);
  row.dataset['state'] = isAway ? 'bad' : 'good';
  row.append(make('span', isAway ? ' is away' : ' works', 'unseen'));
  return row;
}

async function showHealth(): Promise<void> {
  let health: Health = { status: 'unreachable' };
  try {
    health = (await (await fetch('api/health', { cache: 'no-store' })).json()) as Health;
  } catch {
    // Shown below.
  }
  const failed = new Set(health.failed_services);
  const listed = Object.keys(services).filter((name) => health.services?.[name] !== undefined);
  const away = listed
    .filter((name) => failed.has(name))
    .map((name) => {
      const { error, status = '' } = health.services?.[name] ?? {};
      return `${services[name]?.whenAway} (${(error ?? status).replace(/\.$/, '')}.)`;
    });
  const note = statusNotes[health.status] ?? away.join(' ');
  const shown = document.querySelector('#note');
  if (shown !== null && shown.textContent !== note) shown.textContent = note;
  document
    .querySelector('#services')
    ?.replaceChildren(...listed.map((name) => drawService(name, failed.has(name))));
  setTimeout(() => void showHealth(), health.status === 'healthy' ? 30_000 : 4_000);
}

const chat = new Chat({
  server: '.',
  texts: englishTexts,
  links: { book: document.body.dataset['book'] || null },
  storageKey: 'space-chat',
  scroller: document.documentElement,
  pageOf: () => null,
  refusal: null,
});
document.querySelector('main')?.append(chat.log, chat.form.element);

/** Addresses as a program or a page elsewhere needs them. */
function showAddresses(): void {
  const addressOf = (path: string): string => new URL(path, location.href).href;
  const server = addressOf('.').replace(/\/$/, '');
  const pinned = document.querySelector<HTMLElement>('#pinned');
  const { digest = '', integrity = '' } = pinned?.dataset ?? {};
  const texts = {
    mcp: addressOf('mcp'),
    line: `<script defer src="/book-chat.js" data-server="${server}"></script>`,
    pinned: `<script src="${addressOf(`widget-${digest}.js`)}" integrity="${integrity}" crossorigin></script>`,
  };
  for (const [id, text] of Object.entries(texts)) {
    const shown = document.querySelector(`#${id}`);
    if (shown !== null) shown.textContent = text;
  }
}

showAddresses();
void showHealth();
