import { chatStyle, darkColours, letters, lightColours, onAccent } from '../chat/chat-style.ts';
import { launcherStyle } from '../loader/launcher-style.ts';

/** The panel around the chat; its own letters, whatever the page's are. */
export const panelStyle = `${launcherStyle}
:host(:not([inline])) .launcher[hidden]{visibility:hidden;display:flex}:host([inline]) .launcher[hidden]{display:none}
.root{${letters};${onAccent};${lightColours}}
.root[data-theme=dark]{${darkColours}}
.root{font:1rem/1.6 var(--sans);color:var(--ink)}
${chatStyle}
.launcher{border-radius:1.5rem}.launcher:hover{filter:none}
.panel{position:fixed;right:1.25rem;bottom:1.25rem;display:flex;flex-direction:column;overflow:hidden;width:min(26rem,calc(100vw - 2.5rem));height:min(42rem,calc(100dvh - 2.5rem));border:1px solid var(--line);border-radius:1.25rem;background:var(--paper);box-shadow:0 8px 40px #0000004d}
:host([position=left]) .panel{right:auto;left:1.25rem}
:host([inline]) .panel{position:static;width:auto;height:min(38rem,90dvh);box-shadow:none}
header{display:flex;align-items:center;gap:.15rem;padding:.35rem;padding-inline-start:1rem;border-bottom:1px solid var(--line)}
header h2{flex:1;margin:0;font:600 1.02rem/1.35 var(--serif);overflow-wrap:anywhere}
.scroll{flex:1;display:flex;overflow-y:auto;overscroll-behavior:contain;padding:1rem}
.scroll #log{min-width:0;height:max-content;min-height:100%}
.text{font-size:1rem}
form{padding:.5rem .75rem .75rem;border-top:1px solid var(--line)}
form label{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.row{border-radius:1.35rem}
@media (max-width:30rem){:host(:not([inline])) .panel{inset:0;width:auto;height:auto;border:0;border-radius:0}#hint{display:none}}
`;
