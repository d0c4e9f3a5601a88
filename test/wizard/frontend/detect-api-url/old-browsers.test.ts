import { expect, it } from 'vitest';
import { detectApiUrl } from '../../../../wizard/frontend/detect-api-url/detect-api-url.ts';
import { contractText } from './contract-text.ts';

/** What Babel makes of an `async` function, and a minifier of that, for browsers without generators. */
const asyncHelper = `function wrap(body){return function(){var self=this,list=arguments;return new Promise(function(ok,fail){
  var g=body.apply(self,list);function go(v){try{var s=g.next(v)}catch(e){return void fail(e)}s.done?ok(s.value):Promise.resolve(s.value).then(go,fail)}go()})}}`;

const until727 = `${asyncHelper}
function ask(e,t){return send.apply(this,arguments)}
function send(){return(send=wrap(runtime().mark((function e(q,s){var r;return runtime().wrap((function(t){for(;;)switch(t.prev=t.next){
  case 0:return t.next=2,fetch("".concat("https://rag.example.org","/api/chat"),{method:"POST",headers:{"Content-Type":"application/json"},body:JSON.stringify({question:q,session_id:s})});
  case 2:if((r=t.sent).ok){t.next=5;break}throw new Error("HTTP "+r.status);
  case 5:return t.next=7,r.json();
  case 7:return t.abrupt("return",t.sent);
  case 8:case"end":return t.stop()}}),e)})))).apply(this,arguments)}
function Chat(){var n=(0,React.useState)(null),a=n[0],r=n[1];
  function submit(){return go.apply(this,arguments)}
  function go(){return(go=wrap(runtime().mark((function e(q){var d;return runtime().wrap((function(e){for(;;)switch(e.prev=e.next){
    case 0:return e.prev=0,e.next=3,ask(q,"x");
    case 3:d=e.sent,r(d),e.next=9;break;
    case 6:e.prev=6,e.t0=e.catch(0),console.error(e.t0);
    case 9:case"end":return e.stop()}}),e,null,[[0,6]])})))).apply(this,arguments)}
  return(0,React.jsxs)("form",{onSubmit:submit,children:[a.answer,a.sources.map((function(e){return(0,React.jsx)("a",{href:e.url,children:e.title})}))]})}
window.Chat=Chat;`;

const since727 = `${asyncHelper}
function Chat(){var n=(0,React.useState)(""),a=n[0],r=n[1],o=(0,React.useState)([]),l=o[0],s=o[1];
  function submit(){return go.apply(this,arguments)}
  function go(){return(go=wrap(runtime().m((function e(q){var n,d;return runtime().w((function(t){for(;;)switch(t.p=t.n){
    case 0:return t.p=0,t.n=1,fetch("".concat("https://rag.example.org","/api/chat"),{method:"POST",headers:{"Content-Type":"application/json"},body:JSON.stringify({question:q,session_id:"x"})});
    case 1:if((n=t.v).ok){t.n=2;break}throw new Error("HTTP "+n.status);
    case 2:return t.n=3,n.json();
    case 3:d=t.v,r(d.answer),s(d.sources||[]),t.n=5;break;
    case 4:t.p=4,t.v,r("failed");
    case 5:return t.a(2)}}),e,null,[[0,4]])})))).apply(this,arguments)}
  return(0,React.jsxs)("form",{onSubmit:submit,children:[a,l.map((function(e){return(0,React.jsx)("a",{href:e.url,children:e.title})}))]})}
window.Chat=Chat;`;

/** What TypeScript and SWC make of it. */
const typescript = `function Chat(){var n=(0,React.useState)(null),a=n[0],r=n[1];
  function send(q){return __awaiter(this,void 0,void 0,function(){var t;return __generator(this,function(e){switch(e.label){
    case 0:return[4,fetch("".concat("https://rag.example.org","/api/chat"),{method:"POST",headers:{"Content-Type":"application/json"},body:JSON.stringify({question:q,session_id:"x"})})];
    case 1:if(!(t=e.sent()).ok)throw Error("HTTP ".concat(t.status));return[4,t.json()];
    case 2:return[2,e.sent()]}})})}
  function submit(q){return __awaiter(this,void 0,void 0,function(){var d;return __generator(this,function(e){switch(e.label){
    case 0:return e.trys.push([0,2,,3]),[4,send(q)];
    case 1:return d=e.sent(),r(d),[3,3];
    case 2:return console.error(e.sent()),[3,3];
    case 3:return[2]}})})}
  return(0,React.jsxs)("form",{onSubmit:submit,children:[a.answer,a.sources.map(function(e){return(0,React.jsx)("a",{href:e.url,children:e.title})})]})}
window.Chat=Chat;`;

it.each([
  ['Babel until 7.26, through two functions', until727],
  ['Babel since 7.27', since727],
  ['TypeScript', typescript],
])('an async function for old browsers shows how the reply is read: %s', (_, script) => {
  const page = new URL('https://book.example.org/');
  const { findings } = detectApiUrl(new Map([[`${page.href}main.js`, script]]), { page });
  const contract = findings[0]?.contract ?? null;
  expect(contract === null ? null : contractText(contract).reply).toBe(
    'json answer; sources: objects url title',
  );
});

it('a stream that TypeScript or SWC reads line by line shows the events that it parses', () => {
  const script = `function ask(q,show){return wrap(function(){var a,s,l,d,f,h,b,v,j,w,S,y;return steps(this,function(C){switch(C.label){
    case 0:return[4,fetch("https://rag.example.org/v1/chat/ask/stream",{method:"POST",headers:{"Content-Type":"application/json"},body:JSON.stringify({question:q})})];
    case 1:if(!(a=C.sent()).ok)throw Error("HTTP ".concat(a.status));s=a.body.getReader(),l=new TextDecoder,d="",f="",C.label=2;
    case 2:return[4,s.read()];
    case 3:if((h=C.sent()).done)return[3,4];d+=l.decode(h.value,{stream:!0}),d=(b=d.split("\\n")).pop()||"";
      for(v=b[Symbol.iterator]();!(y=(j=v.next()).done);y=!0)if((w=j.value).startsWith("data: "))
        if("delta"===(S=JSON.parse(w.slice(6))).type)f+=S.data,show(f);else if("error"===S.type)throw Error(S.data);
      return[3,2];
    case 4:return[2]}})})()}
  window.ask=function(){ask(document.getElementById("q").value,function(t){document.title=t})}`;
  const page = new URL('https://book.example.org/');
  const { findings } = detectApiUrl(new Map([[`${page.href}main.js`, script]]), { page });
  expect(findings[0]?.contract?.reply).toEqual({ type: 'stream', form: 'data-events' });
});
