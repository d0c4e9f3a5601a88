const config = {
  apiUrl: process.env.REACT_APP_CHAT_API_URL,
};

export default config;
