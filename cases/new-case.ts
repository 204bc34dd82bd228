import { randomUUID } from 'node:crypto'
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { Command } from 'commander'
import sharp from 'sharp'
import { caseTemplate, type MeasuredPicture } from './case-template.ts'
import { Case } from './schema.ts'
import { sha256Of } from './sha256.ts'
import { MAX_IMAGE_BYTES } from './source-image.ts'

const SCHEMA = join(import.meta.dirname, 'case.schema.json')
const FORMATS: readonly string[] = Case.shape.images.element.shape.format.options

async function measured(file: string, folder: string): Promise<MeasuredPicture> {
  const path = resolve(file)
  const below = relative(folder, path)
  if (below.startsWith('..')) throw new Error(`--image requires a file below ${folder}, got ${file}`)
  const { size } = await stat(path)
  if (size > MAX_IMAGE_BYTES) throw new Error(`--image requires at most ${MAX_IMAGE_BYTES} bytes, got ${size} in ${file}`)
  const bytes = await readFile(path)
  const { format, width, height } = await sharp(bytes).metadata()
  if (!FORMATS.includes(format)) throw new Error(`--image requires ${FORMATS.join(', ')}, got ${format} in ${file}`)
  return { file: below.split(sep).join('/'), sha256: sha256Of(bytes), bytes: size, format, width, height }
}

async function create(place: string, { image }: { image?: string }): Promise<void> {
  const id = basename(place)
  const named = Case.shape.id.safeParse(id)
  if (!named.success)
    throw new Error(`new-case requires <folder>/<id>, with an id of lower-case words joined by hyphens, got ${place}`)
  const folder = resolve(dirname(place))
  const path = join(folder, `${id}.yaml`)
  const picture = image === undefined ? undefined : await measured(image, folder)
  const schema = relative(folder, SCHEMA).split(sep).join('/')
  const date = new Date().toISOString().slice(0, 10)
  const canary = `imcbench-promptfoo case canary ${randomUUID()}`
  await mkdir(folder, { recursive: true })
  await writeFile(path, caseTemplate({ id, schema, canary, date, picture }), { flag: 'wx' }).catch(
    (error: NodeJS.ErrnoException) => {
      throw new Error(error.code === 'EEXIST' ? `${path}: requires a name that is free, got a file that exists` : error.message)
    },
  )
  console.log(`wrote ${relative('', path)}; what is left to fill: npm run audit -- ${relative('', folder) || '.'}`)
}

await new Command('npm run new-case --')
  .description('write a commented case file to begin with; never overwrites one')
  .argument('<folder/id>', 'where it goes; the id must not name the diagnosis')
  .option('--image <file>', 'a picture below the folder, to be measured')
  .action(create)
  .parseAsync()
  .catch((error: Error) => {
    console.error(error.message)
    process.exitCode = 1
  })
