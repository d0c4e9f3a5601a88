import { defaults } from '../../contract.ts';
import { HttpError } from '../http-error.ts';
import type { ClientAddress } from './client-address.ts';
import { TokenBuckets } from './token-buckets.ts';

/** 0 means no limit. */
export type RateLimitSettings = {
  /** Questions per minute from one address that the model answers. */
  perAddress: number;
  /** The same in one conversation. */
  perConversation: number;
  /** Reads of conversations per minute from one address; searches and pages follow from it. */
  readsPerAddress: number;
};

export const defaultRateLimits: RateLimitSettings = {
  perAddress: defaults.perMinute,
  perConversation: defaults.perConversationMinute,
  readsPerAddress: defaults.readsPerMinute,
};

const minute = 60_000;
/** A question above its rate is answered from the book alone; above this many times the rate it is refused. */
const refusalFactor = 10;
/** A provider's customers together, as a multiple of one address's rate. */
const providerFactor = 20;
/** Searches, as a multiple of an address's reads: a reader searches while typing. */
const searchFactor = 5;
/** The same for pages as text: a program reads one after the other. */
const pageFactor = 4;
const tooMany = 'Too many requests. Please wait a moment.';
const tooFast = 'You ask faster than I can answer. Please wait a moment.';

/** Whether the model may be asked; a check throws an HttpError with status 429 far above the rate. */
export type RateLimits = {
  /** Counts a question; false above the rate of its address. */
  allowsQuestion(client: ClientAddress): boolean;
  /** Counts a question of a conversation; false above its rate. */
  allowsInConversation(conversationId: string, client: ClientAddress): boolean;
  checkRead(client: ClientAddress): void;
  /** Counts feedback, at the rate of questions. */
  checkFeedback(client: ClientAddress): void;
  /** Counts a search by words. */
  checkSearch(client: ClientAddress): void;
  /** Counts a read of the book's text. */
  checkPageRead(client: ClientAddress): void;
};

/** All limits together. Programs on the server's own machine are not limited. */
export function createRateLimits(limits: RateLimitSettings, now: () => number = Date.now): RateLimits {
  const buckets = (rate: number): TokenBuckets => new TokenBuckets({ rate, windowMs: minute, now });
  const { perAddress, perConversation, readsPerAddress } = limits;
  const addresses = { answered: buckets(perAddress), refused: buckets(perAddress * refusalFactor) };
  const conversations = {
    answered: buckets(perConversation),
    refused: buckets(perConversation * refusalFactor),
  };
  const providers = buckets(perAddress * providerFactor);
  const feedback = buckets(perAddress);
  const reads = buckets(readsPerAddress);
  const searches = buckets(readsPerAddress * searchFactor);
  const pageReads = buckets(readsPerAddress * pageFactor);
  const checkIn =
    (counted: TokenBuckets) =>
    ({ network, isLocal }: ClientAddress): void => {
      if (!isLocal) throwIfLimited(counted.take(network), tooMany);
    };
  return {
    allowsQuestion({ network, provider, isLocal }) {
      if (isLocal) return true;
      throwIfLimited(addresses.refused.take(network), tooFast);
      return addresses.answered.take(network) === 0 && providers.take(provider) === 0;
    },
    allowsInConversation(conversationId, { isLocal }) {
      if (isLocal) return true;
      throwIfLimited(conversations.refused.take(conversationId), tooFast);
      return conversations.answered.take(conversationId) === 0;
    },
    checkRead: checkIn(reads),
    checkFeedback: checkIn(feedback),
    checkSearch: checkIn(searches),
    checkPageRead: checkIn(pageReads),
  };
}

function throwIfLimited(waitMs: number, message: string): void {
  if (waitMs > 0)
    throw new HttpError({ status: 429, code: 'rate-limited', message, retryAfter: waitMs / 1000 });
}
