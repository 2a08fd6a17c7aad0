/** Unit tests stand beside what they test; what needs several processes is under test/. */
const common = {
  testEnvironment: 'node',
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        sourceMaps: 'inline',
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
        },
        module: { type: 'commonjs' },
      },
    ],
    // Packages that are ECMAScript modules alone: Node requires them, jest does not.
    '/node_modules/(d3-[a-z-]+|internmap)/.+\\.m?js$': [
      '@swc/jest',
      { jsc: { target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
  transformIgnorePatterns: ['/node_modules/(?!(d3-[a-z-]+|internmap)/)'],
};
const project = (displayName, pattern) => ({ ...common, displayName, testMatch: [`<rootDir>/${pattern}`] });

module.exports = {
  projects: [
    project('unit', 'src/**/*.spec.ts'),
    project('integration', 'test/integration/**/*.spec.ts'),
    project('e2e', 'test/e2e/**/*.spec.ts'),
  ],
};
