/** The first version; no page uses it any more. */
export async function askChat(message) {
  const response = await fetch('https://ana-unused.onrender.com/api/chat', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ message }),
  });
  return (await response.json()).answer;
}
