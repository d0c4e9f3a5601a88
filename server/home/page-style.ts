/** Light or dark by the browser's setting; nothing is fetched. */
export const pageStyle = `
:root{--paper:#fbfaf7;--ink:#23262b;--faint:#5f646c;--line:#e3dfd6;--edge:#868b93;--tint:#f2efe8;--accent:#235a83;--on-accent:#fff;--good:#2c7a4b;--bad:#a8431f;--serif:"Iowan Old Style","Charter","Palatino Linotype",Palatino,"Noto Serif","Source Serif 4",Georgia,serif;--sans:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
@media (prefers-color-scheme:dark){:root{--paper:#17191c;--ink:#e7e4de;--faint:#a5a9af;--line:#2e3237;--edge:#7b828b;--tint:#202327;--accent:#93c1e8;--on-accent:#10151a;--good:#6cc391;--bad:#f0a07f}}
*{box-sizing:border-box}
html{scroll-padding:1rem 0 9rem}
body{margin:0 auto;max-width:43rem;min-height:100vh;min-height:100dvh;padding:2.2rem 1.25rem .75rem;display:flex;flex-direction:column;background:var(--paper);color:var(--ink);font:1rem/1.6 var(--sans);-webkit-text-size-adjust:100%}
.kicker{margin:0;color:var(--faint);font-size:.85rem;letter-spacing:.04em}
h1{margin:.1rem 0 .5rem;font:600 clamp(1.6rem,1.2rem + 2vw,2.15rem)/1.2 var(--serif);text-wrap:balance;overflow-wrap:anywhere}
header{padding-bottom:1rem;border-bottom:1px solid var(--line)}
.state{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;justify-content:space-between;font-size:.85rem}
#services{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem 1.1rem;padding:0;margin:0;color:var(--faint)}
#services li::before{content:"";display:inline-block;width:.5rem;height:.5rem;margin-right:.45rem;border:1px solid var(--faint);border-radius:50%}
#services li[data-state=good]::before{background:var(--good);border-color:var(--good)}
#services li[data-state=bad]{color:var(--bad)}
#services li[data-state=bad]::before{border:2px solid var(--bad);border-radius:0;transform:rotate(45deg)}
#note{margin:.5rem 0 0;font-size:.85rem;color:var(--faint)}#note:empty{display:none}
main{flex:1;display:flex;flex-direction:column}
#log{flex:1;display:flex;flex-direction:column;gap:1.1rem;padding:1.6rem 0;overflow-wrap:anywhere;outline-offset:-2px}
#empty{margin:auto;max-width:27rem;text-align:center;color:var(--faint);font:1.1rem/1.65 var(--serif);text-wrap:balance}
.asked{align-self:flex-end;max-width:85%;padding:.55rem .95rem;border-radius:1.1rem 1.1rem .25rem 1.1rem;background:var(--tint);white-space:pre-wrap}
.answer{padding-bottom:.4rem}
.text{font:1.06rem/1.7 var(--serif)}
.text>*{margin:0 0 .8rem}.text>:last-child{margin-bottom:0}
.text p,.text blockquote{white-space:pre-wrap}
.text blockquote{padding-left:1rem;border-left:3px solid var(--line)}
.text ul,.text ol{padding-left:1.4rem}.text li+li{margin-top:.25rem}
.text .heading{font-weight:600}
.text code{font:.88em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;background:var(--tint);padding:.1em .3em;border-radius:.25rem}
.text pre{background:var(--tint);padding:.8rem 1rem;border-radius:.5rem;overflow-x:auto;overflow-wrap:normal}.text pre code{padding:0;background:none}
.aside,.failed .text{color:var(--faint)}
.cite{display:inline-block;min-width:1.35em;margin:0 .1em 0 .35em;padding:0 .35em;border-radius:.7em;background:var(--tint);font:.72em/1.6 var(--sans);text-align:center;text-decoration:none;vertical-align:.2em}
.cite:hover{background:var(--accent);color:var(--on-accent)}
.answer h2,.answer summary{margin:1rem 0 .25rem;font:600 .82rem/1.5 var(--sans);color:var(--faint)}
.answer summary{margin:.5rem 0 .25rem;font-weight:400;cursor:pointer;width:fit-content}
.answer>ol,.answer details ol{margin:0;padding-left:1.5rem;font-size:.92rem}
.answer>ol li::marker,.answer details li::marker{color:var(--faint);font-size:.9em}
.answer li:target{background:var(--tint)}
.page{margin-left:.5rem;color:var(--faint);font-size:.9em}
a{color:var(--accent);text-underline-offset:.18em;text-decoration-thickness:.06em}
form{position:sticky;bottom:0;padding:.75rem 0 .25rem;background:var(--paper)}
form::before{content:"";position:absolute;inset:-1.2rem 0 100%;background:linear-gradient(transparent,var(--paper));pointer-events:none}
label{display:block;margin-bottom:.3rem;font-size:.85rem;color:var(--faint)}
.row{display:flex;align-items:flex-end;gap:.4rem;padding:.35rem;border:1px solid var(--edge);border-radius:1.2rem;background:var(--paper)}
.row:has(textarea:focus-visible){border-color:var(--accent);outline:1px solid var(--accent);outline-offset:0}
textarea{flex:1;min-width:0;min-height:2.4rem;max-height:11rem;padding:.4rem .7rem;border:0;background:none;color:inherit;font:inherit;line-height:1.6rem;resize:none;field-sizing:content}textarea:focus-visible{outline:none}
button{font:inherit;min-height:2.4rem;padding:.35rem 1.15rem;border:0;border-radius:.9rem;background:var(--accent);color:var(--on-accent);cursor:pointer}
button:hover{filter:brightness(1.08)}
#stop,.failed button{background:var(--tint);color:var(--ink)}
.failed button{display:block;margin-top:.7rem;font-size:.9rem}
#hint{margin:.35rem .2rem 0;font-size:.8rem;color:var(--faint)}
footer{padding-top:.25rem;font-size:.8rem;color:var(--faint)}footer a{color:inherit}
#agents{margin-bottom:.25rem}#agents summary{cursor:pointer;width:fit-content}#agents p{margin:.4rem 0}#agents pre{margin:.4rem 0;padding:.5rem .75rem;border-radius:.5rem;background:var(--tint);overflow-x:auto}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;z-index:1;background:var(--paper);padding:.5rem}
:focus-visible{outline:2px solid var(--accent);outline-offset:3px;border-radius:.25rem}
[hidden]{display:none}
@media (max-width:30rem){body{padding:1.2rem 1rem .5rem}#hint{display:none}.asked{max-width:92%}}
@media (prefers-reduced-motion:no-preference){.answer[aria-busy=true] .text:empty::after,.answer[aria-busy=true] .text>:last-child::after{content:"";display:inline-block;width:.5em;height:.5em;margin-left:.25em;border-radius:50%;background:var(--accent);animation:breathe 1.4s ease-in-out infinite}@keyframes breathe{50%{opacity:.2}}}
`.trim();
