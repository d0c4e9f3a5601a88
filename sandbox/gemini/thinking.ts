import { invalidArgument } from './errors.ts';
import type { GenerateBody } from './requests.ts';
import { versionOf } from './models.ts';

type ThinkingConfig = NonNullable<GenerateBody['generationConfig']>['thinkingConfig'];

/** Of the 2.5 generation, which takes a budget and no level (Google's thinking guide); -1 leaves it to the model. */
const largestBudget = 24_576;

/** Throws 400 for what a model does not take: clients then ask again without it. */
export function checkThinking(
  config: ThinkingConfig,
  model: string,
  { hasNone }: { hasNone: boolean },
): void {
  if (config === undefined) return;
  const { thinkingBudget: budget, thinkingLevel: level } = config;
  if (budget !== undefined && level !== undefined)
    throw invalidArgument('You can only set only one of thinking budget and thinking level.');
  if (hasNone) throw invalidArgument(`Thinking is not supported for models/${model}.`);
  if (level !== undefined && versionOf(model).startsWith('gemini-2.5'))
    throw invalidArgument('Thinking level is not supported for this model.');
  if (budget !== undefined && (!Number.isInteger(budget) || budget < -1 || budget > largestBudget)) {
    throw invalidArgument(
      `The thinking budget ${budget} is invalid. Please choose a value between 0 and ${largestBudget}.`,
    );
  }
}
