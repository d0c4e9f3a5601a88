import { describe, expect, it } from 'vitest';
import { readDeployedChat } from '../../../../wizard/frontend/proof/deployed-chat.ts';

const url = 'https://book.example.org/';
const ask = `fetch(address()+"/api/ask",{method:"POST",headers:{"content-type":"application/json"},body:JSON.stringify({question:q})}).then(r=>r.json()).then(d=>{out.textContent=d.answer})`;
const guarded = `function address(){const e=document.querySelector('meta[name="api-base"]');if(e&&e.content)return e.content;if(location.hostname.includes("github.io"))return"https://old.example.app";return"http://127.0.0.1:8000"}function send(q){${ask}}`;

const addressesIn = (text: string, html = '') =>
  readDeployedChat({ url, html, scripts: [{ url: `${url}chat.js`, text }] })?.addresses.map(
    (address) => address.url,
  );

describe('the addresses of a deployed chat', () => {
  it('are what its meta tag says, which the code prefers to every other', () => {
    expect(addressesIn(guarded, '<meta name="api-base" content="https://ana-book.hf.space">')).toEqual([
      'https://ana-book.hf.space/api/ask',
    ]);
  });

  it('are the code’s own where the page has no such tag', () => {
    expect(addressesIn(guarded)).toEqual(['http://127.0.0.1:8000/api/ask']);
  });

  it('are the one that is asked, on this machine too, beside another server’s greeting', () => {
    const greet =
      'fetch("https://old.example.app/api/chatbot/greeting").then(r=>r.json()).then(d=>{out.textContent=d.greeting})';
    const script = `function send(q){${ask.replace('address()+"/api/ask"', '"http://127.0.0.1:8000/api/chatbot"')}}send(document.title);${greet}`;
    expect(addressesIn(script)).toEqual(['http://127.0.0.1:8000/api/chatbot']);
  });

  it('are both where a state of the page chooses', () => {
    const script = `function Chat(){const[m,s]=(0,React.useState)("fast");return(0,React.jsx)(Field,{onMode:s,onSend:q=>send(m,q)})}
      function send(m,q){fetch((m==="deep"?"https://old.example.app":"https://ana-book.hf.space")+"/api/ask",{method:"POST",body:JSON.stringify({question:q})}).then(r=>r.json()).then(d=>{document.title=d.answer})}
      window.Chat=Chat`;
    expect(addressesIn(script)?.toSorted()).toEqual([
      'https://ana-book.hf.space/api/ask',
      'https://old.example.app/api/ask',
    ]);
  });

  it.each(['"u"<typeof window', 'typeof window>"u"', '!("u">typeof window)'])(
    'are not those of a server, in a minifier’s words: %s',
    (test) => {
      const script = `function address(){if(${test})return"https://old.example.app";return"https://ana-book.hf.space"}function send(q){${ask}}`;
      expect(addressesIn(script)).toEqual(['https://ana-book.hf.space/api/ask']);
    },
  );
});
