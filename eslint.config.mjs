import tseslint from 'typescript-eslint'
import { browserRooms, rooms } from './rooms.mjs'

const folders = [...new Set(Object.keys(rooms).map(room => room.split('/')[0]))]
/** Functions whose last bits ECMAScript leaves to the engine; Math.sqrt is not among them: every engine rounds it as IEEE 754 says. */
const engineDependent = [
  ...['exp', 'expm1', 'log', 'log1p', 'log2', 'log10', 'pow', 'cbrt', 'hypot', 'sin', 'cos', 'tan', 'asin', 'acos'],
  ...['atan', 'atan2', 'sinh', 'cosh', 'tanh', 'asinh', 'acosh', 'atanh']
].map(property => ({
  object: 'Math',
  property,
  message: 'Engines may differ in its last bits: take the one of core/port/elementary.ts.'
}))
const random = { object: 'Math', property: 'random', message: 'Noise is a function: see core/port/random.ts.' }
const sources = [`{${folders.join(',')}}/**/*.ts`, '*.ts']

export default tseslint.config(
  {
    ignores: [
      'dist/',
      'node_modules/',
      'runs/',
      'site/',
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
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'max-lines': ['error', { max: 250 }],
      'no-restricted-globals': ['error', { name: 'Date', message: 'Results may not depend on the clock.' }],
      'no-restricted-properties': ['error', random],
      '@typescript-eslint/restrict-template-expressions': 'off',
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      '@typescript-eslint/no-non-null-assertion': 'error'
    }
  },
  {
    files: browserRooms.map(room => `${room}/**/*.ts`),
    ignores: ['**/*.test.ts', 'data/reference/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: ['node:*'], message: 'A browser may load this room: see rooms.mjs.' }] }
      ]
    }
  },
  {
    // what is computed here enters states, data sets or their fingerprints
    files: ['{core,rules,backends,data,codecs,estimators}/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-properties': ['error', random, ...engineDependent],
      'no-restricted-syntax': [
        'error',
        {
          selector:
            ":matches(BinaryExpression[operator='**'], AssignmentExpression[operator='**=']):not([left.raw='2'][right.type=/^(Literal|UnaryExpression)$/])",
          message:
            'Engines may differ in its last bits: multiply, or take power or integerPower of core/port/elementary.ts.'
        }
      ]
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
    files: ['backends/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: { 'no-restricted-globals': ['error', 'performance', 'Date'] }
  },
  {
    files: ['**/*.test.ts'],
    rules: {
      'max-lines': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off'
    }
  }
)
