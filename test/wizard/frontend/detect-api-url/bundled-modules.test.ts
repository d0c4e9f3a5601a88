import { expect, it } from 'vitest';
import { detectApiUrl } from '../../../../wizard/frontend/detect-api-url/detect-api-url.ts';
import { readDeployedChat } from '../../../../wizard/frontend/proof/deployed-chat.ts';
import { contractText } from './contract-text.ts';

const page = new URL('https://book.example.org/');

/** A chunk as webpack and Rspack write one. */
const chunk = (id: number, modules: string): string =>
  `"use strict";(self.webpackChunkbook=self.webpackChunkbook||[]).push([[${id}],{${modules}}]);`;

const api = `202:(e,t,n)=>{n.d(t,{$:()=>r});const r="https://rag.example.org"},
  101:(e,t,n)=>{n.d(t,{k:()=>o});var r=n(202);async function o(e,t){const n=await fetch(\`\${r.$}/ask\`,{method:"POST",
    headers:{"Content-Type":"application/json"},body:JSON.stringify({query:e,session_id:t})});
    if(!n.ok)throw new Error("failed");return n.json()}}`;
const olderApi = `202:function(e,t,n){"use strict";n.d(t,"a",(function(){return r}));var r="https://rag.example.org"},
  101:function(e,t,n){"use strict";n.d(t,"k",(function(){return o}));var r=n(202);function o(e,t){
    return fetch(r.a+"/ask",{method:"POST",headers:{"Content-Type":"application/json"},
    body:JSON.stringify({query:e,session_id:t})}).then((function(e){return e.json()}))}}`;
const wholeModule = `202(e){e.exports={url:"https://rag.example.org"}},
  101(e,t,n){n.d(t,{k:()=>o});const r=n(202),o=async(e,t)=>(await fetch(r.url+"/ask",{method:"POST",
    headers:{"Content-Type":"application/json"},body:JSON.stringify({query:e,session_id:t})})).json()}`;
const component = `303:(e,t,n)=>{n.d(t,{A:()=>l});var r=n(6540),a=n(101),s=n(4848);function l(){
  const[e,t]=(0,r.useState)(""),[i,o]=(0,r.useState)(null),[c]=(0,r.useState)((()=>crypto.randomUUID()));
  return(0,s.jsxs)("form",{onSubmit:async()=>{const t=await(0,a.k)(e,c);o(t)},children:[
    (0,s.jsx)("textarea",{value:e,onChange:e=>t(e.target.value)}),i&&(0,s.jsx)("p",{children:i.answer}),
    i.sources.map((e=>(0,s.jsx)("a",{href:e.url,children:e.title})))]})}}`;

it.each([
  ['ES modules', api],
  ['webpack 4’s getters', olderApi],
  ['a CommonJS module', wholeModule],
])('a chat whose parts are in two chunks is read as one: %s', (_, modules) => {
  const scripts = new Map([
    [`${page.href}main.js`, chunk(1, component)],
    [`${page.href}42.js`, chunk(42, modules)],
  ]);
  const { findings } = detectApiUrl(scripts, { page });
  const [finding] = findings;
  expect(finding?.source.name).toBe('https://rag.example.org');
  expect(finding?.contract && contractText(finding.contract)).toMatchObject({
    request: expect.stringMatching(/^POST \/ask json query session_id\(/),
    reply: 'json answer; sources: objects url title',
  });
});

/** Docusaurus's own context, and a chat that gets its address as a property. */
const siteContext = `11:(e,t,n)=>{n.d(t,{A:()=>o});var r=n(6540),a=n(12);function o(){return(0,r.useContext)(a.o)}},
  12:(e,t,n)=>{n.d(t,{o:()=>i,x:()=>l});var r=n(4848),a=n(6540);const c={title:"A",customFields:{backendUrl:"https://new.example.org"}};
    let i=a.createContext({siteConfig:c});function l({children:e}){return(0,r.jsx)(i.Provider,{value:{siteConfig:c},children:e})}}`;
const rootComponent = `13:(e,t,n)=>{n.d(t,{default:()=>v});var r=n(4848),a=n(6540),m=n(11);
  function b({backendUrl:e}){let[s,u]=(0,a.useState)(""),c=async t=>{let n=await fetch(\`\${e||"https://old.example.org"}/ask\`,{method:"POST",
    headers:{"Content-Type":"application/json"},body:JSON.stringify({question:t})});u((await n.json()).answer)};
    return(0,r.jsx)("form",{onSubmit:()=>c("x"),children:s})}
  function v({children:e}){let{siteConfig:t}=(0,m.A)(),n=t.customFields?.backendUrl;
    return(0,r.jsxs)(r.Fragment,{children:[e,(0,r.jsx)(b,{backendUrl:n})]})}}`;
/** The search of Docusaurus, which asks a chat of its vendor. */
const search = `14:(e,t,n)=>{var u="https://askai.algolia.com/chat";function s(e){return fetch(u,{method:"POST",body:JSON.stringify({messages:e})})}window.s=s}`;

it('an address that a component gets from the site’s configuration is found there, and no other is taken', () => {
  const scripts = new Map([
    [`${page.href}main.js`, chunk(1, `${siteContext},${rootComponent}`)],
    [`${page.href}44.js`, chunk(44, search)],
  ]);
  const deployed = Array.from(scripts, ([url, text]) => ({ url, text }));
  const chat = readDeployedChat({ url: page.href, html: '', scripts: deployed });
  expect(chat?.addresses.map((address) => address.url)).toEqual(['https://new.example.org/ask']);
});
