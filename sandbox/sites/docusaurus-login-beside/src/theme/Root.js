import React from 'react';
import SignIn from '../account/SignIn';
import ChatWidget from '../chat/ChatWidget';

export default function Root({ children }) {
  return (
    <>
      <SignIn />
      {children}
      <ChatWidget />
    </>
  );
}
