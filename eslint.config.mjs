import typescript from 'typescript-eslint';

import { floors } from './eslint.floors.mjs';

const everywhere = {
  'max-len': ['error', { code: 120, ignoreUrls: true }],
  'max-lines': ['error', { max: 300 }],
  eqeqeq: ['error', 'always', { null: 'ignore' }],
  'no-constant-condition': ['error', { checkLoops: 'allExceptWhileTrue' }],
  'no-control-regex': 'error',
  'no-empty': 'error',
  'no-self-compare': 'error',
  'no-unsafe-finally': 'error',
  'no-useless-escape': 'error',
  'prefer-const': 'error',
};

const unused = ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_' }];

export default typescript.config(
  { ignores: ['dist/', 'dist.next/', 'coverage/', 'src/generated/', 'trainer-bridge/', '.azr/'] },
  { rules: everywhere },
  {
    files: ['**/*.{js,mjs,cjs}'],
    rules: { 'no-unused-vars': unused },
  },
  {
    files: ['**/*.ts'],
    extends: [typescript.configs.recommended],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-unused-vars': unused,
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      // Types say what cannot be undefined where the compiler cannot see it.
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['src/**/*.ts'],
    plugins: { azr: { rules: { floors } } },
    rules: {
      'azr/floors': 'error',
      'no-console': 'error',
      // Every choice comes from a generator that is seeded by the run.
      'no-restricted-properties': ['error', { object: 'Math', property: 'random' }],
    },
  },
  { files: ['src/{cli,telemetry}/**/*.ts'], rules: { 'no-console': 'off' } },
  {
    // No clock, no I/O.
    files: ['src/domain/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', 'Date', 'performance', 'process', 'fetch', 'setTimeout', 'setInterval'],
    },
  },
  {
    // Tests may reach for whatever they need.
    files: ['src/**/*.spec.ts'],
    rules: { 'azr/floors': 'off', 'no-restricted-globals': 'off' },
  },
);
