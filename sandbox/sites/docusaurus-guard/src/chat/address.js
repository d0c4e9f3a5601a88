// In a browser there is no `process`, so that the second branch is taken, whatever the variable says.
const base =
  typeof process !== 'undefined' && process.env.REACT_APP_API_URL
    ? process.env.REACT_APP_API_URL
    : 'https://ana-old-book.hf.space';

export const chatUrl = () => `${base}/api/chat`;
