/** Who is signed in, by the site's own functions under the same path. */
export async function showAccount() {
  const response = await fetch('/api/v1/auth/me').catch(() => null);
  if (response === null || !response.ok) return;
  document.title = `A Book, read by ${(await response.json()).name}`;
}
