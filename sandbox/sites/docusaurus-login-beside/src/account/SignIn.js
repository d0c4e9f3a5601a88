import React, { useState } from 'react';

const ACCOUNTS_URL = 'https://accounts.ana.example';

/** Readers may sign in; the chat does not ask it of them. */
export default function SignIn() {
  const [name, setName] = useState(null);

  async function signIn(event) {
    event.preventDefault();
    const fields = new FormData(event.target);
    const response = await fetch(`${ACCOUNTS_URL}/api/auth/login`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ email: fields.get('email'), password: fields.get('password') }),
    });
    setName((await response.json()).name);
  }

  if (name !== null) return <p>Welcome, {name}.</p>;
  return (
    <form id="sign-in" onSubmit={signIn}>
      <input name="email" type="email" aria-label="Email" />
      <input name="password" type="password" aria-label="Password" />
      <button>Sign in</button>
    </form>
  );
}
