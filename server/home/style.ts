/** Light and dark by the reader's own setting; nothing is fetched. */
export const pageStyle = `
:root{--paper:#fff;--ink:#1b1f24;--faint:#57606a;--line:#d0d7de;--tint:#f4f6f8;--accent:#0a58ca;--on-accent:#fff;--good:#1a7f37;--bad:#b42318}
@media (prefers-color-scheme:dark){:root{--paper:#14171a;--ink:#e8eaed;--faint:#a2abb5;--line:#3a4149;--tint:#1e2328;--accent:#8ab4ff;--on-accent:#10131a;--good:#5fcf80;--bad:#ff8d85}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:46rem;min-height:100vh;padding:1rem;display:flex;flex-direction:column;gap:1rem;background:var(--paper);color:var(--ink);font:1rem/1.55 system-ui,sans-serif}
h1{font-size:1.4rem;margin:0}
header p,.hint,footer{color:var(--faint);margin:.25rem 0;font-size:.9rem}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;background:var(--paper);padding:.5rem}
#services{list-style:none;display:flex;flex-wrap:wrap;gap:.5rem;padding:0;margin:.5rem 0 0;font-size:.85rem}
#services li{border:1px solid var(--line);border-radius:1rem;padding:.1rem .7rem}
#services li::before{content:"○ ";color:var(--faint)}
#services li[data-state=good]::before{content:"● ";color:var(--good)}
#services li[data-state=bad]::before{content:"▲ ";color:var(--bad)}
main{flex:1;display:flex;flex-direction:column;gap:1rem}
#log{flex:1;display:flex;flex-direction:column;gap:1rem;overflow-wrap:anywhere}
#log article{border:1px solid var(--line);border-radius:.6rem;padding:.7rem .9rem;background:var(--tint)}
#log article.asked{align-self:flex-end;max-width:85%;background:var(--accent);color:var(--on-accent);border-color:transparent}
#log .text{white-space:pre-wrap}
#log h2{font-size:.85rem;margin:.8rem 0 .2rem;color:var(--faint)}
#log ol{margin:0;padding-left:1.4rem;font-size:.9rem}
a{color:var(--accent)}
label{font-weight:600}
.row{display:flex;gap:.5rem;align-items:stretch}
textarea{flex:1;font:inherit;padding:.5rem .7rem;border:1px solid var(--line);border-radius:.5rem;background:var(--paper);color:inherit;resize:vertical}
button{font:inherit;padding:.5rem 1.1rem;border:0;border-radius:.5rem;background:var(--accent);color:var(--on-accent);cursor:pointer}
button[disabled]{opacity:.6;cursor:default}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
[hidden]{display:none}
@media (prefers-reduced-motion:no-preference){#log article[aria-busy=true] .text::after{content:"▍";animation:blink 1s steps(2) infinite}@keyframes blink{50%{opacity:0}}}
`.trim();
