import { line, textLines, type Line } from '../model/display/line.ts';
import type { Prompt, Reply } from '../model/question.ts';
import { serviceTitles } from '../model/service.ts';
import { summariseInput } from './mask.ts';

type ValuePrompt = Extract<Prompt, { type: 'value' }>;

/** `3 of 6  Gemini API key`, then where to get it, or why it is asked again. */
function valueLines({ question, place, problem, proposal }: ValuePrompt): Line[] {
  const { service, title, hint, link } = question;
  const owner =
    service === null || title.startsWith(serviceTitles[service]) ? '' : `${serviceTitles[service]}: `;
  const explanation =
    problem === null
      ? textLines(hint)
      : [...textLines(`✗ ${problem.message}`, 'bad', 2), ...textLines(problem.remedy)];
  const isLinked = explanation.some(({ text }) => text === link);
  return [
    line(`${positionOf(place)}${owner}${title}`, 'strong'),
    ...explanation,
    ...(link === null || isLinked ? [] : [line(link, 'link')]),
    ...(proposal === null ? [] : [line(proposalText(proposal))]),
  ];
}

/** What is to be entered, where its service is named beside it: `paste the API key`. */
export function shortTitle({ service, title, masked }: ValuePrompt['question']): string {
  const name = service === null ? '' : serviceTitles[service];
  const what = title.startsWith(`${name} `) ? title.slice(name.length + 1) : title;
  return `${masked ? 'paste' : 'type or paste'} the ${what}`;
}

/** `3 of 6  `; empty for a single question. */
function positionOf(place: { index: number; total: number } | undefined): string {
  return place === undefined || place.total === 1 ? '' : `${place.index} of ${place.total}  `;
}

function proposalText({ shown, source }: { shown: string; source: string }): string {
  if (source === 'default') return `Proposed: ${shown}`;
  if (source === 'typed') return `Entered before: ${shown}`;
  return `Found: ${shown}, from ${source === 'environment' ? 'the environment' : source}`;
}

/** The lines above a prompt's input: its question and explanations. `hasChecklist` where the keys are shown beside it. */
export function promptLines(prompt: Prompt, { hasChecklist = false } = {}): Line[] {
  switch (prompt.type) {
    case 'value':
      return valueLines(prompt);
    case 'choice':
    case 'pause': {
      const { place, unlisted = [] } = prompt.type === 'choice' ? prompt : {};
      return [
        line(`${positionOf(place)}${prompt.title}`, 'strong'),
        ...[...(hasChecklist ? [] : unlisted), ...prompt.lines].flatMap((text) => textLines(text)),
      ];
    }
    case 'confirm-plan':
      return [
        line(['Apply this plan?', ...(prompt.plan.estimate ?? [])].join(' · '), 'strong'),
        ...prompt.plan.remarks.map((remark) => line(remark)),
      ];
    default:
      return prompt satisfies never;
  }
}

/** A longer title is omitted from the transcript. */
const maxTitleLength = 40;

/** What an answered prompt leaves in the transcript; never a secret. */
export function answeredLines(prompt: Prompt, reply: Reply): Line[] {
  if (prompt.type === 'value') {
    const { title, masked } = prompt.question;
    if (reply.type === 'accept') return [line(`${title}: ${prompt.proposal?.shown ?? 'left empty'}`, 'dim')];
    if (reply.type === 'value') return [line(`${title}: ${summariseInput(reply.raw, { masked })}`, 'dim')];
    return [];
  }
  if (prompt.type === 'choice' && reply.type === 'value')
    return [line(`Pasted: ${summariseInput(reply.raw, { masked: true })}`, 'dim')];
  if (prompt.type === 'choice' && reply.type === 'choice') {
    const choice = prompt.choices.find(({ value }) => value === reply.value);
    const label = choice?.label ?? reply.value;
    const { title } = prompt;
    const colon = title.endsWith('?') ? '' : ':';
    return [line(title.length > maxTitleLength ? label : `${title}${colon} ${label}`, 'dim')];
  }
  if (prompt.type === 'confirm-plan' && reply.type === 'accept') return [line('Applying.', 'dim')];
  return [];
}
