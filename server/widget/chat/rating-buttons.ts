import type { ChatTurn } from './conversation.ts';
import { makeIconButton } from './elements.ts';
import type { ChatTexts } from './texts.ts';

const thumb =
  'M7 10v11H4a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1zM7 10l4-7c1.5 0 2.5 1 2.5 2.5L13 9h6a2 2 0 0 1 2 2.3l-1.2 7.4A2.7 2.7 0 0 1 17 21H7';
const ratings = [
  { rating: 'up', text: 'helpful' },
  { rating: 'down', text: 'unhelpful' },
] as const;

/** Whether an answer helped: sent to the server, where its owner can count it. None for an answer that is not stored. */
export function makeRatingButtons(
  turn: ChatTurn,
  { server, texts, onRate }: { server: string; texts: ChatTexts; onRate: () => void },
): HTMLButtonElement[] {
  const { messageId } = turn;
  if (messageId === null) return [];
  const show = (): void => {
    for (const [index, button] of buttons.entries())
      button.setAttribute('aria-pressed', String(turn.rating === ratings[index]?.rating));
  };
  const buttons = ratings.map(({ rating, text }) =>
    makeIconButton(texts[text], {
      path: thumb,
      className: rating,
      onClick: () => {
        const before = turn.rating ?? null;
        turn.rating = rating;
        show();
        void sendRating(server, { message_id: messageId, rating }).then((isStored) => {
          if (!isStored) turn.rating = before;
          show();
          onRate();
        });
      },
    }),
  );
  show();
  return buttons;
}

async function sendRating(server: string, body: { message_id: string; rating: string }): Promise<boolean> {
  const headers = { 'content-type': 'application/json' };
  return fetch(`${server}/api/feedback`, { method: 'POST', headers, body: JSON.stringify(body) }).then(
    ({ ok }) => ok,
    () => false,
  );
}
