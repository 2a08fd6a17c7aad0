const { projects } = require('../../jest.config');

/** What `npm run test:vllm` runs, and `npm test` does not. */
module.exports = {
  ...projects[0],
  displayName: 'vllm',
  rootDir: '../..',
  testMatch: ['<rootDir>/test/vllm/**/*.spec.ts'],
};
