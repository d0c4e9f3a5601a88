import React, { lazy, Suspense } from 'react';
import BrowserOnly from '@docusaurus/BrowserOnly';

const ChatWidget = lazy(() => import('../chat/ChatWidget'));

export default function Root({ children }) {
  return (
    <>
      {children}
      <BrowserOnly>
        {() => (
          <Suspense fallback={<p>Loading the chat</p>}>
            <ChatWidget />
          </Suspense>
        )}
      </BrowserOnly>
    </>
  );
}
