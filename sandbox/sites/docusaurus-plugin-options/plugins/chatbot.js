/** Hands the address in its options to the pages. */
module.exports = function chatbot(_context, options) {
  return {
    name: 'chatbot',
    async contentLoaded({ actions }) {
      actions.setGlobalData({ apiUrl: options.apiUrl });
    },
  };
};
