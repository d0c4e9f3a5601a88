import { describe, expect, test } from 'vitest';
import { temporaryBook } from '../../temporary-book.ts';

const config = { 'docusaurus.config.js': "export default { title: 'T' };" };

async function read(page: string, files: Record<string, string> = {}) {
  const book = await temporaryBook({ ...config, 'docs/page.mdx': page, ...files });
  const text = book.sections.map(({ content }) => content).join('\n---\n');
  return { text, warnings: book.warnings.map(({ message }) => message), sections: book.sections };
}

describe('reads the strings in a component’s attributes', () => {
  test.each([
    ['an object', '<Specs specs={{gpu: "RTX 4090 with 24 GB"}} />', 'gpu: RTX 4090 with 24 GB'],
    [
      'strings and lists',
      '<Quiz question="What does a LiDAR measure?" options={["Distance", "Sound"]} />',
      'question: What does a LiDAR measure?\noptions: Distance; Sound',
    ],
    [
      'lists of objects',
      '<Cards items={[{front: "ROS 2", back: "A robot framework", image: "/img/ros.png"}]} />',
      'items:\nfront: ROS 2\nback: A robot framework',
    ],
    [
      'both of what a condition chooses from',
      '<Card front={isNew ? "New kit" : "Old kit"} items={[ready && "Ready"]} title={long ? "All parts" : "Parts"} />',
      'All parts. Parts: front: New kit\nfront: Old kit\nitems:\nReady',
    ],
    [
      'JSON in a constant',
      `export const faq = JSON.parse('[{"q": "How high?", "a": "Two metres"}]');\n\n<Faq items={faq} />`,
      'items:\nq: How high?\na: Two metres',
    ],
    ['a constant', 'export const plan = ["Week 1"];\n\n<Plan weeks={plan} />', 'weeks: Week 1'],
    [
      'rows of a key and a value',
      '<Spec rows={[{key: "Width", value: "2 m"}, {key: "Log file", value: "/var/log/x"}, {key: "a1", name: "Rain"}]} />',
      'rows:\nWidth: 2 m\nLog file: /var/log/x\nname: Rain',
    ],
    ['a spread', '<Card {...{title: "Kit", note: "All parts"}} />', 'Kit: note: All parts'],
    ['elements', '<Card front={<b>Bold claim</b>} />', 'front: Bold claim'],
    [
      'elements and templates in a list',
      '<Line events={[{date: <>Year <b>2020</b></>}, {note: `in ${place}`}]} />',
      'events:\ndate: Year 2020\nnote: in ${place}',
    ],
    ['beside its content', '<Hint note="Mind it">\n\nText.\n\n</Hint>', 'note: Mind it\n\nText.'],
  ])('%s', async (_, page, text) => {
    expect(await read(page)).toMatchObject({ text, warnings: [] });
  });

  test.each([
    'className="a b" style={{color: "red"}} src="/img/a.png" href="https://example.com" id="x" data-x="y"',
    'apiKey="abcdef" token="abc" clientSecret="abc" user={{password: "abc"}}',
    'rows={[{key: "API_KEY", value: "abcdef"}, {key: "Host", value: "sk-proj-1234567890"}]}',
    'a="sk-proj-1234567890" b="hf_abcdefghij" c="eyJhbGciOiJIUzI1NiJ9.e30" d="q8Zk3Vt9Lx2Rb7Nw5Hy1Dm4P"',
    'a="./part.md" b="@site/src/x" c="9f8e7d6c5b4a" d="#ff0000" e="img/photo.png"',
  ])('and no address, style, identifier or key: %s', async (attributes) => {
    const { text, warnings } = await read(`Before.\n\n<Thing ${attributes} />\n`);
    expect(text).toBe('Before.');
    expect(warnings).toEqual([expect.stringContaining('shows <Thing>, whose text is in code')]);
  });
});

describe('reads constants, templates and props', () => {
  test.each([
    ['a constant', 'export const version = "1.2.3";\n\nThe version is {version}.', 'The version is 1.2.3.'],
    ['front matter', '---\nunit: volts\n---\n\nIn {frontMatter.unit}.', 'In volts.'],
    [
      'a template',
      'export const version = "2";\n\nRun {`curl https://x/${version}`}.',
      'Run curl https://x/2.',
    ],
    [
      'a condition that is known',
      'export const major = 3;\n\nSince {major === 3 && <b>three</b>}, {major === 2 ? <i>two</i> : <i>more</i>}.',
      'Since three, more.',
    ],
    [
      'a list’s length, entry and words',
      'export const parts = ["mast", "keel"];\n\nOf {parts.length} parts {parts[0]} is first: {parts.join(", ")}.',
      'Of 2 parts mast is first: mast, keel.',
    ],
    [
      'an element in a constant',
      'export const note = <em>Mind the <b>boom</b>.</em>;\n\n{note} Always: {note}',
      'Mind the boom. Always: Mind the boom.',
    ],
    [
      'a list inside a table',
      'export const rows = [{n: "mast", w: 4}, {n: "keel", w: 9}];\n\n<table><thead><tr><th>Part</th></tr></thead><tbody>{rows.map(({n, w}) => <tr key={n}><td>{n}</td><td>{w}</td></tr>)}</tbody></table>',
      'Part\nmast\n4\nkeel\n9',
    ],
    [
      'what a function returns for each entry',
      'export const parts = ["mast"];\n\n{parts.map((part) => { return <p>The {part}</p>; })}',
      'The mast',
    ],
    ['front matter that is not there', '---\nunit: volts\n---\n\nIn {frontMatter.size}metres.', 'In metres.'],
    [
      'what only a browser shows',
      "import BrowserOnly from '@docusaurus/BrowserOnly';\n\n<BrowserOnly>{() => <p>In a browser</p>}</BrowserOnly>",
      'In a browser',
    ],
    ['terms and definitions', '<dl><dt>Mast</dt><dd>Holds the sail</dd></dl>', 'Mast\nHolds the sail'],
    ['a template that is trimmed', 'Run {(`\ncurl ${host}/a\n`).trim()} now.', 'Run \ncurl ${host}/a\n now.'],
    ['what is unknown, as written', 'Run {`curl ${host}/a`} on {host}.', 'Run curl ${host}/a on {host}.'],
    [
      'a list',
      'export const parts = ["Mast", "Vane"];\n\n<ul>{parts.map((part) => <li>{part}</li>)}</ul>',
      'Mast\n\nVane',
    ],
    ['a sum', 'It is {1 + 2} long.', 'It is 3 long.'],
    [
      'rows of a table',
      'export const rows = [["Mast", 9], ["Vane", 3]];\n\n<table><tbody>{rows.map(([part, price]) => <tr><td>{part}</td><td>{price}</td></tr>)}</tbody></table>',
      'Mast\n\n9\n\nVane\n\n3',
    ],
    ['a condition', 'export const isPro = false;\n\n{isPro ? <p>Pro</p> : <p>Free</p>}', 'Free'],
  ])('%s', async (_, page, text) => {
    expect((await read(page)).text).toBe(text);
  });

  test('props of a partial, and its content', async () => {
    const page = 'import Part from \'./_part.mdx\';\n\n<Part section="artifacts">\n\nInner.\n\n</Part>\n';
    const part = 'See {props.section}.\n\n{props.children}\n';
    expect((await read(page, { 'docs/_part.mdx': part })).text).toBe('See artifacts.\n\nInner.');
  });
});

describe('follows imports', () => {
  test('a namespace’s constants, and props that no attribute gives', async () => {
    const page =
      "import * as V from './_v.js';\nimport Part from './_part.mdx';\n\nIt is {V.version}.\n\n<Part name=\"Ana\" />\n\n<Part />\n\n<Part {...x} />";
    const files = {
      'docs/_v.js': "export const version = '4.2';",
      'docs/_part.mdx': 'For {props.name ?? "all"}, {props.size}.',
    };
    const { text } = await read(page, files);
    expect(text).toBe('It is 4.2.\n\nFor Ana, .\n\nFor all, .\n\nFor , {props.size}.');
  });

  test.each([
    ['memo', 'const X = ({ a }) => <p>says {a}</p>;\nexport default memo(X);', 'says hi'],
    [
      'forwardRef',
      'export default React.forwardRef((props, ref) => <p ref={ref}>says {props.a}</p>);',
      'says hi',
    ],
    [
      'a fragment with a key',
      'const O = { mast: "tall" };\nexport default () => <dl>{Object.keys(O).map((k) => <React.Fragment key={k}><dt>{k}</dt><dd>{O[k]}</dd></React.Fragment>)}</dl>;',
      'mast\n\ntall',
    ],
    [
      'a list that is filtered and sorted',
      'const L = ["keel", "mast", "x"];\nexport default () => <ul>{L.filter((e) => e.length > 1).map((e) => <li>{e}</li>)}{["b", "a"].sort().map((e) => <li>{e}</li>)}</ul>;',
      'keel\n\nmast\n\na\n\nb',
    ],
    [
      'a prop that is not given',
      'export default ({ b }) => <p>{b && "with"}{!b && "without"}</p>;',
      'without',
    ],
    [
      'translate()',
      'export default () => <p>{translate({ id: "x", message: "By function" })}</p>;',
      'By function',
    ],
  ])('a component’s own text, through %s', async (_, code, wanted) => {
    const page = 'import X from \'./_x.jsx\';\n\n<X a="hi" />';
    expect((await read(page, { 'docs/_x.jsx': code })).text).toBe(wanted);
  });

  test('headings in what a component shows beside text', async () => {
    const page =
      "import Part from './_part.md';\n\nexport const Box = ({ children }) => <div>boxed {children}</div>;\n\n<Box><Part /></Box>";
    const { text } = await read(page, { 'docs/_part.md': 'One.\n\n## Two\n\nThree.' });
    expect(text).toBe('boxed One.\nTwo\nThree.');
  });

  const ios = { 'docs/_ios.md': '## Xcode\n\nOpen it.\n' };

  test.each([
    [
      'a wrapper',
      'import Ios from "./_ios.md";\nexport default function Parts() { return <div><Ios /></div>; }',
    ],
    ['a re-export', 'export { default } from "./_ios.md";'],
    [
      'a component with state',
      'import Ios from "./_ios.md";\nexport default function P() { const [a] = useState(1); return <T a={a}><Ios /></T>; }',
    ],
    [
      'a choice that a reader makes',
      'import Ios from "./_ios.md";\nexport default function P() { const [on] = useState(true); return on ? <Ios /> : <p>Off.</p>; }',
      'Open it.\n\nOff.',
    ],
  ])('of a module that shows Markdown: %s', async (_, module, expected = 'Open it.') => {
    const { text, sections } = await read("import Parts from './_parts';\n\n<Parts />\n", {
      ...ios,
      'docs/_parts.jsx': module,
    });
    expect(text).toBe(expected);
    expect(sections[0]).toMatchObject({ headings: ['Xcode'], anchor: 'xcode' });
  });

  test('of named exports, of a namespace, of `@site` and of an alias', async () => {
    const { text } = await read(
      [
        "import { Ios } from '@site/docs/_parts';",
        "import * as Parts from '@shared/more';",
        '',
        '<Ios />',
        '',
        '<Parts.Android />',
      ].join('\n'),
      {
        ...ios,
        'docusaurus.config.js':
          "export default { title: 'T', plugins: [() => ({ configureWebpack: () => ({ resolve: { alias: { '@shared': path.resolve(__dirname, 'shared') } } }) })] };",
        'docs/_parts.tsx':
          "import I from './_ios.md';\nexport const Ios = (props: object) => <I {...props} />;",
        'shared/more.jsx': 'export const Android = () => <p>Open Studio.</p>;',
      },
    );
    expect(text).toBe('Open it.\n\nOpen Studio.');
  });

  test('of the components that every page has, and of members of a default export', async () => {
    const { text } = await read(
      "import Parts from './_parts';\n\n<Note>\n\nInner.\n\n</Note>\n\n<Parts.Ios />\n",
      {
        ...ios,
        'docs/_parts.jsx': "import Ios from './_ios.md';\nexport default { Ios };",
        'src/theme/MDXComponents.js':
          "import MDX from '@theme-original/MDXComponents';\nimport Note from '@site/src/Note';\nexport default { ...MDX, Note };",
        'src/Note.tsx':
          'export default function Note({ children }: { children: object }): object {\n  return <aside><p>Mind this:</p>{children}</aside>;\n}',
      },
    );
    expect(text).toBe('Mind this:\n\nInner.\n\nXcode\n\nOpen it.');
  });

  test('of data, and of a raw file as a listing', async () => {
    const { text, warnings } = await read(
      [
        "import S from '!!raw-loader!./e.py';",
        "import data from './data.json';",
        "import Big from '!!raw-loader!./big.txt';",
        '',
        '<CodeBlock language="python" title="e.py">{S}</CodeBlock>',
        '',
        'Uses {data.name}.',
        '',
        '<CodeBlock language="js" children={S} />',
        '',
        '<CodeBlock>{Big}</CodeBlock>',
      ].join('\n'),
      {
        'docs/e.py': 'print(1)\n\nprint(2)\n',
        'docs/data.json': '{"name": "ROS"}',
        'docs/big.txt': 'x'.repeat(200_001),
      },
    );
    expect(text).toBe(
      '```python title="e.py"\nprint(1)\n\nprint(2)\n```\n\nUses ROS.\n\n```js\nprint(1)\n\nprint(2)\n```',
    );
    expect(warnings[0]).toMatch(/big\.txt, which is larger than 200 kB/);
  });

  test('of no file outside the repository', async () => {
    const { text } = await read(
      "import S from '!!raw-loader!/etc/hostname';\nimport H from '!!raw-loader!../.env';\n\nA {S}{H}",
      {
        '.env': 'KEY=1',
      },
    );
    expect(text).toBe('A {S}');
  });
});

test('has the label of a tab in the path of the headings inside it, and of none after it', async () => {
  const { sections } = await read(
    [
      '# Page',
      '## Setup',
      'Choose a system, then follow its steps to the end of this part of the guide.',
      '<Tabs>',
      '<TabItem value="win" label="Windows">',
      '### Install',
      `Run the installer. ${'It takes a while to finish on this system. '.repeat(8)}`,
      '</TabItem>',
      '<TabItem value="macOS">',
      '## Install again',
      `Open the image. ${'It takes a while to finish on this system. '.repeat(8)}`,
      '</TabItem>',
      '</Tabs>',
      `Then go on. ${'This is for every system that is in the list. '.repeat(8)}`,
    ].join('\n\n'),
  );
  expect(sections.map(({ headings, anchor }) => [anchor, ...headings])).toEqual([
    ['setup', 'Setup'],
    ['install', 'Setup', 'Windows', 'Install'],
    ['install-again', 'macOS', 'Install again'],
    ['setup', 'Setup'],
  ]);
});

test('has the value or name of an unknown element as a label', async () => {
  expect((await read('<Step name="Unpack">\n\nOpen the box.\n\n</Step>')).text).toBe('Unpack: Open the box.');
});

test('reads a table of elements as a table', async () => {
  const page =
    '<table><thead><tr><th>Part</th><th>Price</th></tr></thead><tbody><tr><td>Mast</td><td>9 €</td></tr></tbody></table>';
  expect((await read(page)).text).toBe('| Part | Price |\n| --- | --- |\n| Mast | 9 € |');
});

test('reads code without the comments that mark lines, and without the rest of the fence’s info', async () => {
  const page =
    '```js title="a.js" showLineNumbers\n// highlight-next-line\na();\n# highlight-start\nb(); // eslint-disable-line\n/* highlight-end */\n```';
  expect((await read(page)).text).toBe('```js title="a.js"\na();\nb(); // eslint-disable-line\n```');
});

test('shows those comments where the fence names the lines, as Docusaurus does', async () => {
  expect((await read('```js {1,3-4}\n// highlight-next-line\na();\n```')).text).toBe(
    '```js\n// highlight-next-line\na();\n```',
  );
});

test('keeps the address of a link that only says “here”, and drops one that only a plugin knows', async () => {
  const page = 'It is [here](https://example.com/kit) and in [the kit](./kit.md); [gloss](gloss:term) too.';
  expect((await read(page)).text).toBe('It is here (https://example.com/kit) and in the kit; gloss too.');
  const elements =
    '<a href="https://example.com/kit">here</a>\n\nSee <Link to="/docs/kit">this page</Link>, <a href="/a">the kit</a>.';
  expect((await read(elements)).text).toBe(
    'here (https://example.com/kit)\n\nSee this page (/docs/kit), the kit.',
  );
});

test('makes no section of a heading alone, and gives a sentence that ends in a colon to what follows', async () => {
  const { sections } = await read(
    [
      '## Parts',
      'The kit is in one box and holds all that this guide needs, from the mast to the last screw in it.',
      'It has these parts:',
      '### Mast',
      `The mast carries everything. ${'It is made of steel and is two metres high. '.repeat(8)}`,
      '## Later',
      '## Tools',
      'One spanner.',
    ].join('\n\n'),
  );
  expect(sections.map(({ anchor }) => anchor)).toEqual(['parts', 'mast', 'tools']);
  expect(sections[0]?.content).not.toContain('these parts:');
  expect(sections[1]?.content).toMatch(/^It has these parts:\n\nThe mast/);
  expect(sections[1]?.content).toMatch(/\n\nLater$/);
});
