import React from 'react';
import Layout from '@theme/Layout';
import ChatWidget from '../chat/ChatWidget';

export default function AskPage() {
  return (
    <Layout title="Ask">
      <ChatWidget />
    </Layout>
  );
}
