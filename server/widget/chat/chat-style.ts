/** Colours and letters by theme. Pages may set `--accent`. */
export const lightColours =
  '--paper:#fbfaf7;--ink:#23262b;--faint:#5f646c;--line:#e3dfd6;--edge:#868b93;--tint:#f2efe8;--link:oklch(from var(--accent) min(l,.47) c h);--good:#2c7a4b;--bad:#a8431f;color-scheme:light';
export const darkColours =
  '--paper:#17191c;--ink:#e7e4de;--faint:#a5a9af;--line:#2e3237;--edge:#7b828b;--tint:#202327;--link:oklch(from var(--accent) max(l,.79) min(c,.12) h);--good:#6cc391;--bad:#f0a07f;color-scheme:dark';
export const letters =
  '--serif:"Iowan Old Style","Charter","Palatino Linotype",Palatino,"Noto Serif","Source Serif 4",Georgia,serif;--sans:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;--mono:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace';
/** White or black on the accent colour, by its lightness. */
export const onAccent = '--on-accent:oklch(from var(--accent) clamp(0,(.7 - l)*1000,1) 0 0)';

/** What the log and the form look like, on the Space's page and in the widget. */
export const chatStyle = `
*{box-sizing:border-box}
#log{flex:1;display:flex;flex-direction:column;gap:1.1rem;overflow-wrap:anywhere;outline-offset:-2px}
.empty{margin:auto;max-width:27rem;text-align:center;color:var(--faint);font:1.1rem/1.65 var(--serif);text-wrap:balance}
.empty p{margin:0}
.samples{list-style:none;display:grid;gap:.5rem;margin:1.1rem 0 0;padding:0}
.samples button{width:100%;min-height:2.75rem;border:1px solid var(--line);background:none;color:var(--link);font:.92rem/1.4 var(--sans);text-align:start}
.asked{align-self:flex-end;max-width:85%;padding:.55rem .95rem;border-radius:1.1rem;border-end-end-radius:.25rem;background:var(--tint);white-space:pre-wrap}
.asked q{display:block;margin-bottom:.3rem;padding-inline-start:.6rem;border-inline-start:2px solid var(--edge);color:var(--faint);font-size:.88em}
.answer{padding-bottom:.4rem}
.text{font:1.06rem/1.7 var(--serif)}
.text>*{margin:0 0 .8rem}.text>:last-child{margin-bottom:0}
.text p,.text blockquote{white-space:pre-wrap}
.text blockquote{padding-inline-start:1rem;border-inline-start:3px solid var(--line)}
.text ul,.text ol{padding-inline-start:1.4rem}.text li+li{margin-top:.25rem}
.text .heading{font-weight:600}
.text code{font:.88em/1.5 var(--mono);background:var(--tint);padding:.1em .3em;border-radius:.25rem}
.text pre{margin:0;background:var(--tint);padding:.8rem 1rem;border-radius:.5rem;overflow-x:auto;overflow-wrap:normal;direction:ltr;text-align:left}.text pre code{padding:0;background:none}
.code{position:relative}.code pre{padding-inline-end:5.5rem}
.copy{position:absolute;top:.3rem;right:.3rem;font:.8rem/1.4 var(--sans)}
.aside,.failed .text{color:var(--faint)}
.cite{margin-inline:.35em .1em;padding:.15em .5em;border-radius:.8em;background:var(--tint);font:.72em/1 var(--sans);text-decoration:none;vertical-align:.2em}
a.cite:hover{background:var(--accent);color:var(--on-accent)}
.answer h2,.answer summary{margin:1rem 0 .25rem;font:600 .82rem/1.5 var(--sans);color:var(--faint)}
.answer summary{margin:.5rem 0 .25rem;font-weight:400;cursor:pointer;width:fit-content}
.answer>ol,.answer details ol,.results ul{margin:0;padding-inline-start:1.5rem;font-size:.92rem}
.answer>ol li::marker,.answer details li::marker{color:var(--faint);font-size:.9em}
.page{margin-inline-start:.5rem;color:var(--faint);font-size:.9em}
.actions{display:flex;flex-wrap:wrap;gap:.4rem;margin-top:.7rem}
a{color:var(--link);text-underline-offset:.18em;text-decoration-thickness:.06em}
label{display:block;margin-bottom:.3rem;font-size:.85rem;color:var(--faint)}
.row{display:flex;align-items:flex-end;gap:.4rem;padding:.35rem;border:1px solid var(--edge);border-radius:1.35rem;background:var(--paper)}
.row:has(textarea:focus-visible){border-color:var(--link);outline:1px solid var(--link);outline-offset:0}
textarea{flex:1;min-width:0;min-height:2.75rem;max-height:11rem;padding:.55rem .7rem;border:0;background:none;color:inherit;font:inherit;line-height:1.6rem;resize:none;field-sizing:content}textarea:focus-visible{outline:none}
button{font:inherit;min-height:2.75rem;padding:.35rem 1.15rem;border:0;border-radius:1rem;background:var(--accent);color:var(--on-accent);cursor:pointer}
button:hover{filter:brightness(1.08)}
.again,.copy,#stop{background:var(--tint);color:var(--ink)}
.again{font-size:.88rem}.answer:not(.failed) .again{color:var(--faint);background:none;border:1px solid var(--line)}
.down svg{transform:rotate(180deg)}.actions .icon{color:var(--faint)}.actions .icon[aria-pressed=true]{color:var(--link);background:var(--tint)}
.copy{min-height:2.2rem;padding:.2rem .7rem;border:1px solid var(--line)}
.icon{display:grid;place-items:center;flex:none;width:2.75rem;padding:0;background:none;color:var(--ink)}
.icon svg{width:1.3rem;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
.chip{display:flex;align-items:center;gap:.25rem;margin:0 0 .4rem;padding-inline-start:.9rem;border-radius:1rem;background:var(--tint);font-size:.85rem;overflow-wrap:anywhere}.chip span{flex:1;padding:.3rem 0}
#hint{margin:.35rem .2rem 0;font-size:.8rem;color:var(--faint)}
:focus-visible{outline:2px solid var(--link);outline-offset:3px;border-radius:.25rem}
button:focus-visible{border-radius:1rem}
[hidden]:not(.launcher){display:none!important}
@media (prefers-reduced-motion:no-preference){.answer[aria-busy=true] .text:empty::after,.answer[aria-busy=true] .text>:last-child::after{content:"";display:inline-block;width:.5em;height:.5em;margin-inline-start:.25em;border-radius:50%;background:var(--link);animation:breathe 1.4s ease-in-out infinite}@keyframes breathe{50%{opacity:.2}}}
`.trim();
