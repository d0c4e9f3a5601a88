window.__ENV__ = {
  API_BASE_URL: 'https://ana-old-book.hf.space',
};
