import { client, chatComponent, type ChatClient } from './chat-client.ts';

const api = 'https://rag.example.org';
const axiosAccept = '[accept: application/json, text/plain, */*]';

/** axios, ky, ofetch, jQuery and XMLHttpRequest. */
export const libraryClients: readonly ChatClient[] = [
  client('axios.post', {
    top: `import axios from 'axios';`,
    code: `const { data } = await axios.post('${api}/chat', { message: input, top_k: 3 });
    setAnswer(data.answer);`,
    request: `POST json message top_k=3 ${axiosAccept}`,
    reply: 'json answer',
  }),
  client('axios with one object', {
    top: `import axios from 'axios';`,
    code: `const response = await axios({ method: 'post', url: '${api}/query', data: { query: input }, headers: { 'X-Page': 'docs' }, withCredentials: true });
    setAnswer(response.data.response);
    setSources(response.data.sources);`,
    request: `POST json query ${axiosAccept} [x-page: docs] +include`,
    reply: 'json response; sources: objects url title',
  }),
  {
    title: 'an axios client whose interceptor returns the data',
    files: {
      'src/api/client.js': `import axios from 'axios';
        const client = axios.create({ baseURL: '${api}/api' });
        client.interceptors.response.use((response) => response.data, (error) => Promise.reject(error));
        export default client;`,
      'src/components/Chat.jsx': chatComponent(
        `const reply = await client.post('/chat', { question: input });
         setAnswer(reply.result);`,
        { top: `import client from '../api/client';` },
      ),
    },
    request: `POST /chat json question ${axiosAccept}`,
    reply: 'json result',
  },
  {
    title: 'an axios client without one',
    files: {
      'src/api/client.js': `import axios from 'axios';
        export const http = axios.create({ baseURL: '${api}' });
        export const ask = (query, sessionId) => http.post('/api/v1/query', { query, session_id: sessionId });`,
      'src/components/Chat.jsx': chatComponent(
        `ask(input, session).then(({ data }) => { setAnswer(data.data.answer); setSources(data.data.citations); });`,
        { top: `import { ask } from '../api/client';` },
      ),
    },
    request: `POST /api/v1/query json query session_id(session) ${axiosAccept}`,
    reply: 'json data.answer; data.citations: objects url title',
  },
  client('ky with json', {
    top: `import ky from 'ky';`,
    code: `const reply = await ky.post('${api}/ask', { json: { question: input } }).json();
    setAnswer(reply.answer);`,
    request: 'POST json question',
    reply: 'json answer',
  }),
  client('a ky client with a prefix', {
    top: `import ky from 'ky';
const http = ky.create({ prefixUrl: '${api}' });`,
    code: `const reply = await http.post('/api/chat', { json: { message: input, history: [] } }).json();
    setAnswer(reply.message);`,
    request: 'POST /api/chat json message history=[]',
    reply: 'json message',
  }),
  client('ofetch, which returns the data', {
    top: `import { ofetch } from 'ofetch';`,
    code: `const reply = await ofetch('${api}/chat', { method: 'POST', body: { message: input } });
    setAnswer(reply.content);`,
    request: 'POST json message',
    reply: 'json content',
  }),
  client('jQuery.ajax', {
    code: `$.ajax({ url: '${api}/chat', type: 'POST', contentType: 'application/json', data: JSON.stringify({ query: input }),
      success: (data) => { setAnswer(data.answer); } });`,
    request: 'POST json query',
    reply: 'json answer',
  }),
  client('jQuery.post, a form', {
    code: `$.post('${api}/chat', { query: input }, function (data) { $('#answer').text(data.answer); });`,
    request: 'POST form query',
    reply: 'json answer',
    isRefused: true,
  }),
  client('XMLHttpRequest', {
    code: `const request = new XMLHttpRequest();
    request.open('POST', '${api}/chat');
    request.setRequestHeader('Content-Type', 'application/json');
    request.onload = () => { const data = JSON.parse(request.responseText); setAnswer(data.reply); };
    request.send(JSON.stringify({ message: input }));`,
    request: 'POST json message',
    reply: 'json reply',
  }),
];
