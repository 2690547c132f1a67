import { browserRooms, rooms } from './rooms.mjs'

const folders = [...new Set(Object.keys(rooms).map(room => room.split('/')[0]))]
const tests = '\\.test\\.ts$'
const under = names => `^(${names.join('|')})/`

/** One rule a room: it imports nothing of the house but itself, what its row names and the package's version. */
const directions = Object.entries(rooms)
  .filter(([, may]) => !may.includes('.'))
  .map(([room, may]) => ({
    name: `${room} imports only ${may.length === 0 ? 'itself' : may.join(', ')}`,
    comment: 'See the map in CONTRIBUTING.md, and rooms.mjs, where the directions stand.',
    severity: 'error',
    from: { path: `^${room}/`, pathNot: tests },
    to: { path: [under(folders), '^index\\.ts$'], pathNot: under([room, ...may]) }
  }))

export default {
  forbidden: [
    {
      name: 'no circle, not of types either',
      comment: 'Files of a circle cannot be read in any order. Move what both need into a file of its own.',
      severity: 'error',
      from: {},
      to: { circular: true }
    },
    ...directions,
    {
      name: 'what a browser may load imports nothing of Node',
      comment: 'What is needed of Node comes by process.getBuiltinModule, where there is a process.',
      severity: 'error',
      from: { path: under(browserRooms), pathNot: [tests, '^data/reference/', '_values\\.mjs$'] },
      to: { dependencyTypes: ['core'] }
    },
    {
      name: 'tests are imported by nobody',
      severity: 'error',
      from: {},
      to: { path: tests }
    }
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|node_modules/\\.cache|backends/simd/assembly)/' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.mjs', '.json'], conditionNames: ['import', 'types', 'node'] }
  }
}
