/**
 * Who may import whom: the one place where the house's directions stand. dependency-cruiser enforces them, for imports of
 * types too, and forbids circles of any kind; ESLint reads from here which rooms a browser may load.
 */

/** Each room with the rooms that it may import. A room may always import itself; '.' is all of the house. */
export const rooms = {
  'core/port': [],
  'core/network': ['core/port'],
  'core/learning': ['core/port', 'core/network'],
  'core/life': ['core/port', 'core/network', 'core/learning'],
  backends: ['core/port'],
  rules: ['core'],
  data: ['core'],
  codecs: ['core'],
  reports: ['core'],
  // rivals are schedules too: their stages stand beside those of rules, whose table they extend
  models: ['core', 'codecs', 'rules'],
  exports: ['core', 'data', 'codecs', 'reports'],
  properties: ['core', 'backends', 'rules', 'data', 'codecs', 'reports', 'models', 'exports'],
  storage: ['core', 'data', 'codecs'],
  estimators: ['core', 'backends', 'rules', 'data', 'codecs', 'reports', 'models', 'exports'],
  experiments: ['core', 'backends', 'rules', 'data', 'codecs', 'reports', 'models', 'exports', 'storage', 'estimators'],
  reproduction: [
    'core',
    'backends',
    'rules',
    'data',
    'codecs',
    'reports',
    'models',
    'exports',
    'storage',
    'estimators',
    'experiments'
  ],
  cli: [
    'core',
    'backends',
    'rules',
    'data',
    'codecs',
    'reports',
    'models',
    'exports',
    'storage',
    'estimators',
    'experiments',
    'reproduction'
  ],
  bench: ['.'],
  examples: ['.']
}

/** Rooms that a browser may load. */
export const browserRooms = [
  'core',
  'backends',
  'rules',
  'data',
  'codecs',
  'reports',
  'models',
  'exports',
  'properties',
  'estimators'
]
