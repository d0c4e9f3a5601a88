import React from 'react';

/** This book's chat has a page of its own. */
export default function Root({ children }) {
  return <>{children}</>;
}
