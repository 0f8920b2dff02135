import tseslint from 'typescript-eslint';
import importX from 'eslint-plugin-import-x';
import prettier from 'eslint-config-prettier';
import { LAYERS, imports } from './scripts/lint/layers.mjs';

const NO_CLOCK = 'No clock here: the time comes in as an argument.';
const NO_CHANCE = 'No randomness here: the same input must give the same result.';
const NO_WORLD = 'Nothing of the process or the outside here: decisions and workflows are repeatable.';

/** `Math.random`, also by another name. */
const CHANCE = [
  { selector: "MemberExpression[object.name='Math'][property.name='random']", message: NO_CHANCE },
  { selector: "MemberExpression[object.name='Math'][computed=true]", message: NO_CHANCE },
  { selector: "VariableDeclarator[init.name='Math']", message: NO_CHANCE },
];
/** Everything of `Date` that reads the clock, also by another name. */
const CLOCK = [
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: NO_CLOCK },
  { selector: "CallExpression[callee.name='Date']", message: NO_CLOCK },
  { selector: "MemberExpression[object.name='Date']:not([property.name=/^(parse|UTC)$/])", message: NO_CLOCK },
  { selector: "VariableDeclarator[init.name='Date']", message: NO_CLOCK },
];
const WORLD = ['process', 'performance', 'crypto', 'fetch', 'Buffer', 'globalThis', 'WeakRef', 'FinalizationRegistry'];
const TIMERS = ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'];
const withoutWorld = ['error', ...[...WORLD, ...TIMERS].map((name) => ({ name, message: NO_WORLD }))];

export default tseslint.config(
  {
    ignores: ['dist/', 'node_modules/', 'data/', 'coverage/', 'tests/fixtures/imports/', '*.config.js', '*.config.mjs'],
  },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    plugins: { 'import-x': importX },
    rules: {
      eqeqeq: ['error', 'always'],
      'object-shorthand': 'error',
      'no-console': 'error',
      'prefer-const': 'error',
      'import-x/no-default-export': 'error',
      'import-x/order': [
        'error',
        { groups: ['builtin', 'external', ['parent', 'sibling', 'index']], 'newlines-between': 'never' },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    files: Object.keys(LAYERS).map((folder) => `${folder}/**/*.ts`),
    plugins: { layers: { rules: { imports } } },
    rules: { 'layers/imports': ['error', { root: import.meta.dirname }] },
  },
  {
    files: ['domain/**/*.ts'],
    rules: {
      'no-restricted-globals': withoutWorld,
      'no-restricted-syntax': ['error', ...CHANCE, ...CLOCK],
      'no-restricted-imports': [
        'error',
        { paths: [{ name: '@noble/hashes/utils.js', importNames: ['randomBytes'], message: NO_CHANCE }] },
      ],
    },
  },
  {
    // Date is workflow time there; Math.random is repeatable too, but an id that it makes means nothing to the store.
    files: ['workflows/**/*.ts'],
    rules: { 'no-restricted-globals': withoutWorld, 'no-restricted-syntax': ['error', ...CHANCE] },
  },
  {
    // What people see at a terminal.
    files: ['api/main.ts', 'workers/main.ts', 'embedded/main.ts', 'cli/main.ts', 'bench/main.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['tests/**/*.ts', 'bench/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off', // expect.any() and its like are of type any
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  { files: ['**/*.{js,mjs,cjs}'], ...tseslint.configs.disableTypeChecked },
  { files: ['scripts/**/*.mjs'], rules: { 'no-console': 'off' } },
  prettier
);
