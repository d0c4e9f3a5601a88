const API_BASE_URL = process.env.REACT_APP_API_BASE_URL;

export function chatUrl() {
  return `${API_BASE_URL}/api/chat`;
}
