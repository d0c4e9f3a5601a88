export const chatUrl = () => 'https://ana-old-book.hf.space/api/chat';
