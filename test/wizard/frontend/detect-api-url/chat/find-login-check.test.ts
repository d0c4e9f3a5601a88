import { describe, expect, it } from 'vitest';
import { detectApiUrl } from '../../../../../wizard/frontend/detect-api-url/detect-api-url.ts';
import { projectWith } from '../sample-project.ts';

/** A chat in a component, mounted by a theme that shows `shown`. */
const detect = (before: string, shown = '<ChatWidget />') =>
  detectApiUrl(
    new Map(
      Object.entries(
        projectWith({
          'src/theme/Root.js': `import ChatWidget from '../ChatWidget';
            export default ({ children }) => { const { user, isAuthenticated } = useAuth(); return <>{children}{${shown}}</>; };`,
          'src/ChatWidget.js': `export default function ChatWidget() {
            const { session, user, isAuthenticated } = useAuth();
            ${before}
            const ask = (question) => fetch('https://books.example.org/chat', { method: 'POST', body: JSON.stringify({ question }) });
            return <form onSubmit={ask} />;
          }`,
        }),
      ),
    ),
  );

describe('a chat that opens only after a login', () => {
  it.each<[before: string, shown?: string]>([
    [
      `const toggle = () => { if (!isAuthenticated) { window.location.href = '/auth/signin'; return; } setIsOpen(true); };`,
    ],
    ['if (!session) return <SignIn />;'],
    [`if (!isAuthenticated || !user) { return <Navigate to="/login" />; }`],
    [`if (user === null) { setError('Please log in first'); return; }`],
    [`const go = () => { if (!auth.isLoggedIn) return navigate('/sign-in'); };`],
    ['', 'isAuthenticated ? <ChatWidget /> : null'],
    ['', '!user ? <Login /> : <ChatWidget />'],
    ['', 'user && <ChatWidget />'],
    ['', '<SignedIn><ChatWidget /></SignedIn>'],
  ])('is found, and its line: %s %s', (before, shown) => {
    const { findings, loginCheck } = detect(before, shown);
    expect(findings).toHaveLength(1);
    expect(loginCheck?.file).toBe(shown === undefined ? 'src/ChatWidget.js' : 'src/theme/Root.js');
  });

  it.each<[before: string, shown?: string]>([
    ['if (!isAuthenticated || !user) { setPersonalized(false); return; }'],
    ['if (!session) { startSession(); }'],
    [`if (!question) return <p>Log in to keep your questions</p>;`],
    [`if (user.name === '') return null;`],
    ['', 'isOpen && <ChatWidget />'],
    ['', 'user.isOpen && <ChatWidget />'],
  ])('is not %s %s', (before, shown) => expect(detect(before, shown).loginCheck).toBeNull());
});
