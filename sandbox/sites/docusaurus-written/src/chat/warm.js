/** Wakes a sleeping Space before the first question. */
export const warm = () => fetch('https://ana-old-book.hf.space/api/health').catch(() => undefined);
