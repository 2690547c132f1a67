// TypeScript from 5.4 on: the example and the types of every room, the libraries' own types checked too.
import { files, run, versionOf } from './folder.mjs'

/** Every room that is published; `properties` needs fast-check. */
const rooms = ['core', 'backends', 'rules', 'data', 'codecs', 'models', 'reports', 'estimators', 'storage', 'experiments']
const all = [...rooms, 'properties'].map(room => `export * as ${room} from 'sagp/${room}'\n`).join('')

const settings = (module, moduleResolution) =>
  JSON.stringify({
    compilerOptions: {
      ...{ target: 'es2022', lib: ['es2022', 'dom'], types: [], module, moduleResolution },
      ...{ strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false, noEmit: true }
    },
    files: ['example.ts', 'rooms.ts']
  })

/** One consumer for each version. */
export const compilers = ['5.4.5', '5.9.3', '6.0.3', '7.0.2'].map(typescript => ({
  name: `TypeScript ${typescript}`,
  packages: { typescript, 'fast-check': '4.10.2' },
  use: ({ folder, example }) => {
    const bundler = settings('esnext', 'bundler')
    const node = settings('nodenext', 'nodenext')
    files(folder, { 'example.ts': example, 'rooms.ts': all, 'bundler.json': bundler, 'node.json': node })
    for (const project of ['bundler.json', 'node.json']) run(folder, 'npx', ['--no-install', 'tsc', '-p', project])
    return { version: versionOf(folder, 'typescript') }
  }
}))
