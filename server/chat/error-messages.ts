import { ServerFailure } from '../failure.ts';

/** A code for programs and a sentence for the user. */
export type ErrorMessage = { code: string; message: string };

const quotaMessage =
  'The assistant is busy just now (its Gemini quota is used up). Please try again in a minute.';
const genericMessage = 'The assistant cannot answer just now. Please try again in a minute.';

const messagesByCode = new Map(
  Object.entries({
    'gemini-quota-minute': quotaMessage,
    'gemini-quota-day': 'The assistant has used up its questions for today. Please come back tomorrow.',
    'gemini-key-rejected': 'The assistant is not set up correctly: its operator must renew the Gemini key.',
    'gemini-key-restricted':
      'The assistant is not set up correctly: its operator must lift the restrictions of the Gemini key.',
    'gemini-model-missing':
      'The assistant is not set up correctly: its operator must choose another Gemini model.',
    'gemini-no-credits': 'The assistant cannot answer: its operator has no Gemini credits left.',
    'gemini-no-quota':
      'The assistant is not set up correctly: its operator must choose another Gemini model.',
    'setting-unusable':
      'The assistant is not fully configured: /api/health shows its operator what is missing.',
    'book-not-loaded': 'The assistant is still reading the book. Please try again in a minute.',
    'book-away': 'The book cannot be searched just now. Please try again in a minute.',
    'book-missing': 'The book has not been indexed yet, so there is nothing to answer from.',
    'answer-blocked': 'The assistant was not allowed to answer this question. Please ask it in other words.',
    'answer-unfinished': 'The answer ends here: the model stopped in the middle. Please ask again.',
    'answer-cut': 'The answer ends here because it grew too long. Ask about a part of it.',
  }),
);

/** The message shown when an answer fails; never the error's own text. */
export function errorMessageFor(error: unknown): ErrorMessage {
  return errorMessageForCode(error instanceof ServerFailure ? error.code : 'answer-failed');
}

/** As `errorMessageFor`; a generic sentence for a code without one of its own. */
export function errorMessageForCode(code: string): ErrorMessage {
  return { code, message: messagesByCode.get(code) ?? genericMessage };
}
