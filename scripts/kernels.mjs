// Compiles backends/simd/assembly and embeds the result in backends/simd/: `npm run kernels`. With --check it only says whether
// what is embedded is what the sources give.
import asc from 'assemblyscript/asc'
import { readFile, writeFile } from 'node:fs/promises'

const compiled = async (shared, relaxed) => {
  const flags = [
    '-O3',
    '--converge',
    '--noAssert',
    '--runtime',
    'stub',
    '--importMemory',
    '--memoryBase',
    '1024',
    '--maximumMemory',
    '65536'
  ]
  const features = ['--enable', 'simd', '--enable', 'threads', ...(shared ? ['--sharedMemory'] : [])]
  const fused = relaxed ? ['--enable', 'relaxed-simd', '--use', 'RELAXED=1'] : []
  let code
  const { error, stderr } = await asc.main(
    [
      'backends/simd/assembly/index.ts',
      ...flags,
      ...features,
      ...fused,
      '--disableWarning',
      '112',
      '--outFile',
      'out.wasm'
    ],
    { writeFile: (name, contents) => void (name.endsWith('.wasm') && (code = Buffer.from(contents))) }
  )
  if (error) throw new Error(`${error.message}\n${stderr.toString()}`)
  process.stderr.write(stderr.toString())
  return code
}

/** Where two builds differ: the one byte that says whether the memory is shared. */
const flagAt = (a, b) => {
  const places = [...a.keys()].filter(i => a[i] !== b[i])
  if (a.length !== b.length || places.length !== 1) throw new Error('The builds differ in more than the flag.')
  return places[0]
}

const strict = await compiled(true, false)
const relaxed = await compiled(true, true)
const flag = flagAt(strict, await compiled(false, false))
if (flag !== flagAt(relaxed, await compiled(false, true))) throw new Error('The flag lies at two places.')

const lines = code => code.toString('base64').replace(/.{118}/g, '$&\\\n')
const file = (name, what, code, rest = '') =>
  `// Made by npm run kernels from backends/simd/assembly. Do not edit.
/** ${what} */
export const ${name}: string = \`${lines(code)}\`
${rest}`

const files = {
  'backends/simd/binary.ts': file(
    'binary',
    'The kernels, in base64.',
    strict,
    `/** The byte that says whether the memory is shared: 3, or 1 where it is not. */\nexport const sharedFlag = ${flag}\n`
  ),
  'backends/simd/relaxed.ts': file('relaxed', 'The kernels with fused multiplication and addition, in base64.', relaxed)
}
for (const [name, text] of Object.entries(files)) {
  if (!process.argv.includes('--check')) await writeFile(name, text)
  else if ((await readFile(name, 'utf8')) !== text)
    throw new Error(`${name} is not what its sources give: npm run kernels`)
}
console.log(`kernels: ${strict.length} bytes, relaxed ${relaxed.length}`)
