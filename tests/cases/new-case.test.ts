import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { auditBank } from '../../cases/audit.ts'
import { CASE_JSON_SCHEMA_FILE } from '../../cases/json-schema.ts'
import { loadBank } from '../../cases/load.ts'
import { sha256Of } from '../../cases/sha256.ts'
import { generateTests } from '../../cases/tests.ts'
import { quadrants } from './an-image.ts'

let dir = ''
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'imcbench-new-'))
})
afterEach(() => rm(dir, { recursive: true }))

const run = (...args: string[]) =>
  promisify(execFile)(process.execPath, [join(import.meta.dirname, '../../cases/new-case.ts'), ...args]).then(
    ({ stdout }) => ({ code: 0, told: stdout }),
    ({ code, stderr }: { code: number; stderr: string }) => ({ code, told: stderr }),
  )

describe('npm run new-case', () => {
  test('the new file loads, and the audit names every TODO of it and nothing that is measured', async () => {
    await mkdir(join(dir, 'pictures'))
    const picture = await quadrants().png().toBuffer()
    await writeFile(join(dir, 'pictures', 'knee.png'), picture)
    expect(await run(join(dir, 'left-knee'), '--image', join(dir, 'pictures', 'knee.png'))).toMatchObject({ code: 0 })
    const text = await readFile(join(dir, 'left-knee.yaml'), 'utf8')
    const bank = await loadBank(dir)
    expect(bank.cases[0]?.images).toMatchObject([
      {
        ...{ source: { kind: 'local', file: 'pictures/knee.png' }, sha256: sha256Of(picture), bytes: picture.length },
        ...{ format: 'png', width: 60, height: 40 },
      },
    ])
    await expect(generateTests({ bank: dir })).rejects.toThrow(
      /^a run requires cases without the mark TODO, got: left-knee \(\d+\); npm run audit/,
    )
    const errors = (await auditBank(bank)).filter(({ severity }) => severity === 'error')
    const marks =
      text
        .split('\n')
        .filter((line) => !line.startsWith('#'))
        .join('\n')
        .match(/"TODO/g) ?? []
    expect(marks.length).toBeGreaterThan(30)
    expect(errors).toHaveLength(marks.length)
    expect(errors.every(({ fault }) => fault.includes('TODO'))).toBe(true)
  })
  test('without a picture the audit asks for one', async () => {
    await run(join(dir, 'left-knee'))
    const findings = await auditBank(await loadBank(dir))
    expect(findings).toContainEqual(expect.objectContaining({ field: 'images.first-picture', severity: 'error' }))
  })
  test('its first line leads an editor from the file to the schema', async () => {
    await run(join(dir, 'left-knee'))
    const [first = ''] = (await readFile(join(dir, 'left-knee.yaml'), 'utf8')).split('\n')
    expect(resolve(dir, first.replace('# yaml-language-server: $schema=', ''))).toBe(CASE_JSON_SCHEMA_FILE)
  })
  test('a file that is there is left as it is', async () => {
    await writeFile(join(dir, 'left-knee.yaml'), 'mine')
    const { code, told } = await run(join(dir, 'left-knee'))
    expect([code, told]).toEqual([1, expect.stringContaining('requires a name that is free')])
    expect(await readFile(join(dir, 'left-knee.yaml'), 'utf8')).toBe('mine')
  })
  test.each([
    ['an id with capitals', 'Left-Knee', [], 'lower-case words joined by hyphens'],
    ['a picture outside the folder', 'left-knee', ['--image', import.meta.filename], 'requires a file below'],
  ])('%s is refused and nothing is written', async (_, id, more, told) => {
    expect(await run(join(dir, id), ...more)).toEqual({ code: 1, told: expect.stringContaining(told) })
    await expect(loadBank(dir)).rejects.toThrow('at least one case file')
  })
  test('two new files have canaries of their own', async () => {
    await run(join(dir, 'one'))
    await run(join(dir, 'two'))
    expect(new Set((await loadBank(dir)).cases.map(({ canary }) => canary)).size).toBe(2)
  })
})
