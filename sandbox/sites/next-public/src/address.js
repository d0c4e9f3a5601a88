export const chatUrl = () => {
  const base = process.env.NEXT_PUBLIC_BACKEND_URL ?? 'http://localhost:8000';
  return base.replace(/\/$/, '') + '/api/chat';
};
