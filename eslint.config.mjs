import tseslint from 'typescript-eslint';
import importX from 'eslint-plugin-import-x';
import prettier from 'eslint-config-prettier';

const FOLDERS = [
  'config',
  'telemetry',
  'domain',
  'workflows',
  'activities',
  'connectors',
  'targets',
  'store',
  'api',
  'workers',
  'embedded',
  'simulators',
  'cli',
  'tests',
  'bench',
];

/** Which of our folders a folder may import (docs/architecture.md, "Folders"); itself is always allowed. */
const MAY_IMPORT = {
  domain: [],
  config: ['domain'],
  telemetry: ['domain', 'config'],
  workflows: ['domain'],
  connectors: ['domain', 'config', 'telemetry'],
  targets: ['domain', 'config', 'telemetry'],
  store: ['domain', 'config', 'telemetry'],
  activities: ['domain', 'config', 'connectors', 'targets', 'store', 'telemetry'],
  api: ['domain', 'config', 'store', 'telemetry'],
  cli: [],
  simulators: [],
  embedded: ['config', 'telemetry'],
};

/** Reads the clock or draws lots: forbidden where a decision must be repeatable. */
const NOT_PURE = [
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'No clock here: the time comes in as an argument.',
  },
  { selector: "MemberExpression[object.name='Math'][property.name='random']", message: 'No randomness here.' },
];
const NO_CLOCK = {
  selector: "MemberExpression[object.name='Date'][property.name='now']",
  message: 'No clock here: the time comes in as an argument.',
};

function foreign(folder, extra = []) {
  const forbidden = FOLDERS.filter((other) => other !== folder && !MAY_IMPORT[folder].includes(other));
  return {
    'no-restricted-imports': 'off',
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            regex: `^(\\.\\./)+(${forbidden.join('|')})(/|$)`,
            message: `${folder}/ must not import this folder (docs/architecture.md, "Folders").`,
          },
          ...extra,
        ],
      },
    ],
  };
}

const NO_NODE = {
  regex: '^node:|^(fs|path|crypto|os|http|https|net|child_process|stream|util|events|buffer)(/.*)?$',
  message: 'No Node modules here: decisions and workflows are deterministic.',
};

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'data/', 'coverage/', '*.config.js', '*.config.mjs'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
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
  ...Object.keys(MAY_IMPORT).map((folder) => ({ files: [`${folder}/**/*.ts`], rules: foreign(folder) })),
  {
    files: ['domain/**/*.ts'],
    rules: {
      ...foreign('domain', [
        NO_NODE,
        { regex: '^(@temporalio|mongodb|express|undici|pino)', message: 'domain/ is pure: no I/O library here.' },
      ]),
      'no-restricted-syntax': ['error', ...NOT_PURE, NO_CLOCK],
    },
  },
  {
    files: ['workflows/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex:
                '^(\\.\\./)+(config|telemetry|connectors|targets|store|api|workers|embedded|simulators|cli|tests|bench)(/|$)',
              message: 'workflows/ imports domain/ only (docs/architecture.md, "Folders").',
            },
            {
              regex: '^(\\.\\./)+activities(/|$)',
              allowTypeImports: true,
              message: 'Only types may come from activities/.',
            },
            {
              regex: '^@temporalio/(?!workflow$|common$)',
              message: 'Workflow code uses @temporalio/workflow and common only.',
            },
            NO_NODE,
          ],
        },
      ],
      'no-restricted-syntax': ['error', ...NOT_PURE],
    },
  },
  {
    files: ['api/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^(\\.\\./)+(activities|connectors|targets|workers|embedded|simulators|cli|tests|bench)(/|$)',
              message: 'api/ must not import this folder (docs/architecture.md, "Folders").',
            },
            { regex: '^(\\.\\./)+workflows/(?!messages$)', message: 'api/ knows workflows by their messages only.' },
          ],
        },
      ],
    },
  },
  {
    files: [
      'workers/main.ts',
      'api/main.ts',
      'cli/**/*.ts',
      'embedded/main.ts',
      'embedded/demo/**/*.ts',
      'simulators/**/main.ts',
    ],
    rules: { 'no-console': 'off', '@typescript-eslint/no-restricted-imports': 'off' },
  },
  { files: ['cli/**/*.ts'], rules: foreign('cli') },
  {
    files: ['tests/**/*.ts', 'bench/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  { files: ['**/*.{js,mjs,cjs}'], ...tseslint.configs.disableTypeChecked },
  {
    files: ['scripts/**/*.mjs'],
    languageOptions: { parserOptions: { projectService: false } },
    rules: { 'no-console': 'off' },
  },
  prettier
);
