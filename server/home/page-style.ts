import { chatStyle, darkColours, letters, lightColours, onAccent } from '../widget/chat/chat-style.ts';

/** Light or dark by the browser's setting; nothing is fetched. */
export const pageStyle = `
:root{--accent:#235a83;${letters};${onAccent};${lightColours}}
@media (prefers-color-scheme:dark){:root{--accent:#93c1e8;${darkColours}}}
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
${chatStyle}
#log{padding:1.6rem 0}
form{position:sticky;bottom:0;padding:.75rem 0 .25rem;background:var(--paper)}
form::before{content:"";position:absolute;inset:-1.2rem 0 100%;background:linear-gradient(transparent,var(--paper));pointer-events:none}
footer{padding-top:.25rem;font-size:.8rem;color:var(--faint)}footer a{color:inherit}
footer details{margin-bottom:.25rem}footer summary{cursor:pointer;width:fit-content}footer p{margin:.4rem 0}footer pre{margin:.4rem 0;padding:.5rem .75rem;border-radius:.5rem;background:var(--tint);overflow-x:auto}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;z-index:1;background:var(--paper);padding:.5rem}
@media (max-width:30rem){body{padding:1.2rem 1rem .5rem}#hint{display:none}.asked{max-width:92%}}
`.trim();
