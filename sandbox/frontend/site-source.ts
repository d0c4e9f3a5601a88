/** Files of a project by path. */
export type ProjectFiles = ReadonlyMap<string, string>;

/** The variable with the API URL that the sample sites use. */
const apiVariable = 'REACT_APP_API_BASE_URL';

/**
 * The source of a sample book site. With `inlines` its configuration inlines the variable at build time. Without,
 * `process.env` stays in the bundle and is undefined in a browser, which is the default of Docusaurus.
 */
export function siteSource({ title, inlines }: { title: string; inlines: boolean }): ProjectFiles {
  return new Map([
    [
      'package.json',
      `${JSON.stringify({ name: slugOf(title), private: true, scripts: { build: 'docusaurus build' } }, null, 2)}\n`,
    ],
    ['docusaurus.config.js', siteConfig({ title, inlines })],
    ['src/chat.js', chatSource],
  ]);
}

const slugOf = (title: string): string => title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');

function siteConfig({ title, inlines }: { title: string; inlines: boolean }): string {
  const plugin = `
    function inlineApiUrl() {
      return {
        name: 'inline-api-url',
        configureWebpack: (_config, _isServer, { currentBundler }) => ({
          plugins: [
            new currentBundler.instance.DefinePlugin({
              'process.env.${apiVariable}': JSON.stringify(process.env.${apiVariable} ?? ''),
            }),
          ],
        }),
      };
    },
  `;
  return `export default {
  title: ${JSON.stringify(title)},
  url: 'http://127.0.0.1',
  baseUrl: '/',
  plugins: [${inlines ? plugin : ''}],
  clientModules: ['./src/chat.js'],
};
`;
}

/** A minimal chat widget: a text box, the streamed answer, and links to its sources. */
const chatSource = `const apiBase = process.env.${apiVariable};

const form = document.querySelector('form');
const field = document.querySelector('#question');
const log = document.querySelector('#log');

function add(className, text) {
  const line = document.createElement('p');
  line.className = className;
  line.textContent = text;
  log.append(line);
  return line;
}

function showSources(sources) {
  if (sources.length === 0) return;
  const list = document.createElement('ul');
  list.className = 'sources';
  sources.forEach((source, at) => {
    const link = document.createElement('a');
    link.href = '/' + source.file.replace('.md', '');
    link.textContent = '[' + (at + 1) + '] ' + source.heading;
    const item = document.createElement('li');
    item.append(link);
    list.append(item);
  });
  log.append(list);
}

async function* eventsOf(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const lines = (rest + value).split('\\n');
    rest = lines.pop();
    for (const line of lines) if (line.startsWith('data: ')) yield JSON.parse(line.slice(6));
  }
}

async function ask(message) {
  const response = await fetch(apiBase + '/api/chat', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message, mode: 'general' }),
  });
  if (!response.ok) throw new Error('Chat API error: ' + response.statusText);
  const answer = add('answer', '');
  for await (const event of eventsOf(response)) {
    if (event.type === 'token') answer.textContent += event.content;
    if (event.type === 'done') showSources(event.sources || []);
  }
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const message = field.value.trim();
  if (message === '') return;
  field.value = '';
  add('question', message);
  form.setAttribute('aria-busy', 'true');
  try {
    await ask(message);
  } catch (error) {
    add('failure', 'Error: ' + error.message);
  }
  form.removeAttribute('aria-busy');
});
`;
