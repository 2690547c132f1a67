import { createNodeResolver, importX } from 'eslint-plugin-import-x'
import tseslint from 'typescript-eslint'

// who may import whom: core <- siblings <- properties, experiments <- cli; siblings know core and not each other
const rooms = [
  'core',
  'backends',
  'rules',
  'data',
  'codecs',
  'models',
  'reports',
  'properties',
  'experiments',
  'cli',
  'bench',
  'examples'
]
const siblings = ['backends', 'rules', 'data', 'codecs', 'models', 'reports']
const allowed = {
  core: [],
  ...Object.fromEntries(siblings.map(room => [room, ['core']])),
  properties: ['core', ...siblings],
  experiments: ['core', ...siblings],
  cli: ['core', ...siblings, 'properties', 'experiments'],
  bench: ['core', ...siblings, 'properties', 'experiments', 'cli'],
  examples: ['core', ...siblings, 'properties', 'experiments']
}
const zones = Object.entries(allowed).flatMap(([room, may]) =>
  rooms
    .filter(other => other !== room && !may.includes(other))
    .map(other => ({
      target: `./${room}`,
      from: `./${other}`,
      message: `${room} may not import ${other}: see CONTRIBUTING.md`
    }))
)
const sources = [
  '{core,backends,rules,data,codecs,models,reports,properties,experiments,cli,bench,examples}/**/*.ts',
  '*.ts'
]

export default tseslint.config(
  {
    ignores: [
      'dist/',
      'node_modules/',
      'runs/',
      'docs/',
      '.stryker-tmp/',
      'coverage/',
      'data/digits.data.ts',
      'backends/simd/assembly/',
      'backends/simd/{binary,relaxed}.ts' // made by npm run kernels
    ]
  },
  {
    files: sources,
    extends: [...tseslint.configs.strictTypeChecked],
    plugins: { 'import-x': importX },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    settings: {
      'import-x/resolver-next': [createNodeResolver({ extensionAlias: { '.js': ['.ts', '.js'] } })],
      'import-x/extensions': ['.ts', '.js'],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] }
    },
    rules: {
      'import-x/no-cycle': 'error',
      'import-x/no-restricted-paths': ['error', { zones }],
      'max-lines': ['error', { max: 250 }],
      'no-restricted-globals': ['error', { name: 'Date', message: 'Results may not depend on the clock.' }],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Noise is a function: see core/random.ts.' }
      ],
      '@typescript-eslint/restrict-template-expressions': 'off',
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      '@typescript-eslint/no-non-null-assertion': 'error'
    }
  },
  {
    files: ['core/**/*.ts', 'rules/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-imports': ['error', { patterns: ['fp-ts/*', 'io-ts*', '@tensorflow/*', 'node:*', 'fast-check'] }],
      'no-restricted-globals': ['error', 'performance', 'Date', 'process', 'setTimeout']
    }
  },
  {
    files: ['backends/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: { 'no-restricted-globals': ['error', 'performance', 'Date'] }
  },
  {
    // whoever states laws about a room's tests may look into properties, and a room's tests into its neighbours
    files: ['**/*.test.ts'],
    rules: {
      'import-x/no-restricted-paths': 'off',
      'max-lines': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off'
    }
  }
)
