import { resolve } from 'node:path';
import { defaults } from '../../../server/contract.ts';
import { readCommandInputs, type CommandInputs } from '../../deployment/command-inputs.ts';
import { namedSelection } from '../../deployment/book/selection-of.ts';
import { htmlReport } from '../../insights/html-report.ts';
import {
  embedMissing,
  insightsOf,
  readSections,
  readStored,
  type StoredInsights,
} from '../../insights/read-insights.ts';
import type { TokenPrice } from '../../insights/summarise.ts';
import { writePage } from '../../insights/write-page.ts';
import { confirmChoice } from '../../interview/confirm-choice.ts';
import { collectCredentials } from '../../interview/credentials/credential-questions.ts';
import { databaseUrlOf } from '../../interview/database-url.ts';
import { exitCodes } from '../../model/failure.ts';
import { resolveBookLocation } from '../../model/formats/book-location.ts';
import type { CommandResult } from '../../model/run/command-result.ts';
import type { Session } from '../../model/runtime.ts';

const done: CommandResult = { deployment: null, exitCode: exitCodes.done };

/** Shows what readers asked, from the owner's database; writes nothing there. Throws Failure. */
export async function insights(session: Session): Promise<CommandResult> {
  const { runtime, flags, emit } = session;
  const { cwd, env, signal } = runtime;
  const inputs = await readCommandInputs(session);
  const databaseUrl = await databaseUrlOf(session, inputs);
  const days = Number((flags.since ?? '30d').slice(0, -1));
  const now = runtime.now();
  const database = await readStored({ databaseUrl, days, now, signal });
  if (database === null) {
    const message = 'This database has no record of answers: no server of this version has used it yet.';
    emit({
      type: 'notice',
      code: 'insights-empty',
      message,
      remedy: 'Update the server: npx rag-space-setup',
    });
    return done;
  }
  const dir = resolveBookLocation({ cwd, typed: flags.docs ?? env['DOCS_DIR'] ?? '.' });
  const selection = namedSelection(session);
  const book = await readSections({ dir, named: flags.docs !== null, selection, signal });
  const stored = flags.embed ? await embed(session, inputs, database) : database.stored;
  const report = insightsOf({ stored, sections: book?.sections ?? null, price: priceIn(env), days, now });
  emit({ type: 'insights', report });
  if (flags.html !== null) {
    const file = resolve(cwd, flags.html);
    await writePage(file, htmlReport(report, { title: book?.title ?? 'Your book' }));
    emit({ type: 'notice', code: 'insights-page', message: `Written to ${file}`, remedy: '' });
  }
  return done;
}

/** Says how many calls it takes, and makes them when that is accepted. */
async function embed(
  session: Session,
  inputs: CommandInputs,
  database: StoredInsights,
): Promise<StoredInsights['stored']> {
  const { env, signal } = session.runtime;
  const calls = database.toEmbed.length;
  const message = `${calls} questions have no vector: that is ${calls} calls of Gemini’s embedding model.`;
  session.emit({ type: 'notice', code: 'insights-calls', message, remedy: '' });
  if (calls === 0) return database.stored;
  const choice = { title: 'Make these calls?', lines: [], yes: 'Yes, embed them', no: 'No, compare words' };
  if (!(await confirmChoice(session, choice))) return database.stored;
  const key =
    inputs.answers.GEMINI_API_KEY?.value ??
    (await collectCredentials(session, { inputs, services: ['gemini'] })).gemini.key;
  return embedMissing(database, {
    apiKey: key.reveal(),
    baseUrl: inputs.endpoints.gemini,
    model: env['GEMINI_EMBEDDING_MODEL'] ?? defaults.embeddingModel,
    signal,
  });
}

/** What a million tokens cost, where the owner set both. */
function priceIn(env: Session['runtime']['env']): TokenPrice {
  const [input, output] = [env['CHAT_PRICE_INPUT'], env['CHAT_PRICE_OUTPUT']].map((text) =>
    Number(text ?? Number.NaN),
  );
  if (input === undefined || output === undefined || Number.isNaN(input + output)) return null;
  return { input, output };
}
