import { projectWith, type SampleProject } from '../sample-project.ts';

const site = (address: string): Record<string, string> =>
  projectWith({
    'src/chat.js': `${address}\nexport const ask = (q) => fetch(API + '/api/chat', { method: 'POST', body: JSON.stringify({ question: q }) });`,
  });
const lasting = { only: true, mechanism: 'written-in', name: 'https://old.example.com' } as const;

/** The branch that a reader's browser takes on the deployed site. */
export const browserBranches: readonly SampleProject[] = [
  [
    'typeof process in a condition',
    site(
      `const API = typeof process !== 'undefined' && process.env.REACT_APP_API_URL ? process.env.REACT_APP_API_URL : 'https://old.example.com';`,
    ),
    { ...lasting, undefinedVariables: [] },
  ],
  [
    'typeof process before ||',
    site(
      `const API = (typeof process !== 'undefined' && process.env && process.env.REACT_APP_API_URL) || 'https://old.example.com';`,
    ),
    lasting,
  ],
  [
    'typeof process in an if',
    site(
      `let API = 'https://old.example.com';\nif (typeof process !== 'undefined') { API = process.env.REACT_APP_API_URL; }`,
    ),
    lasting,
  ],
  [
    'typeof process before a return',
    site(
      `function base() {\n  if (typeof process === 'undefined') return 'https://old.example.com';\n  return process.env.REACT_APP_API_URL;\n}\nconst API = base();`,
    ),
    lasting,
  ],
  [
    'a guarded variable that the build fills in: no browser takes it',
    {
      ...site(
        `const API = typeof process !== 'undefined' ? process.env.REACT_APP_API_URL : 'https://old.example.com';`,
      ),
      'docusaurus.config.js': `export default { baseUrl: '/', plugins: [() => ({ configureWebpack: () => ({ plugins: [new DefinePlugin({ 'process.env.REACT_APP_API_URL': '"x"' })] }) })] };`,
    },
    { ...lasting, reaches: false },
  ],
  [
    'a host that is not localhost',
    site(
      `const API = window.location.hostname !== 'localhost' ? 'https://old.example.com' : 'https://dev.example.com';`,
    ),
    lasting,
  ],
  [
    'a host in a list of local ones',
    site(
      `const isLocal = () => ['localhost', '127.0.0.1'].includes(window.location.hostname);\nconst API = isLocal() ? 'https://dev.example.com' : 'https://old.example.com';`,
    ),
    lasting,
  ],
  [
    'a host that includes localhost',
    site(
      `const { hostname } = window.location;\nconst isDev = typeof window !== 'undefined' && window.location.hostname.includes('localhost');\nconst API = isDev ? process.env.REACT_APP_DEV_API_URL : 'https://old.example.com';`,
    ),
    lasting,
  ],
  [
    'a build for production',
    site(
      `const API = process.env.NODE_ENV === 'production' ? 'https://old.example.com' : 'https://dev.example.com';`,
    ),
    lasting,
  ],
  [
    'the branch of a prerendered page',
    site(
      `const API = typeof window === 'undefined' ? 'https://ssr.example.com' : 'https://old.example.com';`,
    ),
    lasting,
  ],
  [
    'an initialiser of a state',
    projectWith({
      'src/chat.js': `export default function Chat() {\n  const [base] = useState(() => { return 'https://old.example.com'; });\n  const ask = () => fetch(base + '/api/chat');\n}`,
    }),
    lasting,
  ],
];
