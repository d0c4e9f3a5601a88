import { projectWith, type SampleProject } from '../sample-project.ts';

const localChatBesideLogin = (login: string): Record<string, string> => ({
  'src/chat.js': `const API = 'http://localhost:8000';\nexport const ask = (q) => fetch(API + '/api/chat', { method: 'POST', body: JSON.stringify({ message: q }) });`,
  'src/login.js': login,
});

/** Sites without a chat request, and sites with a login server beside the chat. */
export const noChat: readonly SampleProject[] = [
  [
    'a login server’s variable and no chat',
    projectWith({
      'src/a.js': `fetch(process.env.REACT_APP_AUTH_API_URL + '/api/auth/signin', { method: 'POST' });`,
    }),
    { none: true },
  ],
  [
    'a backend that is asked for profiles only',
    projectWith({
      'src/a.js': `const API = process.env.REACT_APP_BACKEND_URL;\nfetch(API + '/users/profile');\nfetch(API + '/login');`,
    }),
    { none: true },
  ],
  [
    'a questionnaire, tasks, storage and a contact form',
    projectWith({
      'src/a.js': `const API = process.env.REACT_APP_API_URL;\nfetch(API + '/questionnaire');\nfetch(API + '/tasks');\nfetch(API + '/storage');\nfetch(API + '/messages/contact');`,
    }),
    { none: true },
  ],
  [
    'an old Space that only translates',
    projectWith({ 'src/a.js': `fetch('https://old-book.hf.space/api/translate', { method: 'POST' });` }),
    { none: true },
  ],
  [
    'a request at the variable of a login itself',
    projectWith({ 'src/a.js': `fetch(process.env.REACT_APP_AUTH_URL);` }),
    { none: true },
  ],
  [
    'a path of no known word that is sent a question',
    projectWith({
      'src/a.js': `fetch(process.env.REACT_APP_API_URL + '/process', { method: 'POST', body: JSON.stringify({ question: q }) });`,
    }),
    { only: true, variable: 'REACT_APP_API_URL' },
  ],
  [
    'a contact form that is sent a message',
    projectWith({
      'src/a.js': `fetch(process.env.REACT_APP_API_URL + '/submit', { method: 'POST', body: JSON.stringify({ message, email }) });`,
    }),
    { none: true },
  ],
  [
    'a chat at localhost beside a login at a written address',
    projectWith(
      localChatBesideLogin(
        `export const login = () => fetch('https://users.example.com/api/login', { method: 'POST' });`,
      ),
    ),
    { only: true, name: 'http://localhost:8000' },
  ],
  [
    'a chat at localhost beside a login at a variable',
    projectWith(localChatBesideLogin(`fetch(process.env.REACT_APP_API_URL + '/api/signup');`)),
    { only: true, name: 'http://localhost:8000' },
  ],
  [
    'a chat at localhost beside a login at an old Space',
    projectWith(localChatBesideLogin(`fetch('https://login-book.hf.space/auth/me');`)),
    { only: true, name: 'http://localhost:8000' },
  ],
];
