import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ROOT, runFolder, runPromptfoo } from './run-promptfoo.ts'

const CASE = 'demo-nose-bump.yaml'

/** A bank of one demo case, changed. */
async function bankWith(change: (text: string) => string): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'imcbench-bank-'))
  const demo = join(ROOT, 'cases', 'demo')
  await cp(join(demo, 'images'), join(dir, 'images'), { recursive: true })
  await writeFile(join(dir, CASE), change(await readFile(join(demo, CASE), 'utf8')))
  return dir
}

async function runOn(bank: string): Promise<{ code: number | null; output: string }> {
  return runPromptfoo(await runFolder(), { env: { IMCBENCH_BANK: bank } })
}

describe('promptfoo eval ends with exit code 1 and a message that names file and field for', () => {
  const faults: readonly (readonly [string, (text: string) => string, RegExp])[] = [
    ['malformed YAML', (text) => `${text}\nfacts: [`, /demo-nose-bump\.yaml: requires well-formed YAML/],
    ['an unknown field', (text) => `${text}\nmood: happy\n`, /demo-nose-bump\.yaml: .*mood/],
    [
      'a wrong type',
      (text) => text.replace(/ageYears: \d+/, 'ageYears: old'),
      /demo-nose-bump\.yaml: patient\.ageYears: .*got "old"/,
    ],
    [
      'a sha256 that does not fit',
      (text) => text.replace(/sha256: [0-9a-f"']+/, `sha256: ${'0'.repeat(64)}`),
      /demo-nose-bump\.yaml: .*sha256/,
    ],
    [
      'a path outside the bank',
      (text) => text.replace(/file: images\/\S+/, 'file: ../../etc/passwd.png'),
      /demo-nose-bump\.yaml: .*file/,
    ],
    [
      'an id that is not the file name',
      (text) => text.replace(/^id: .*/m, 'id: other'),
      /demo-nose-bump\.yaml: id: requires the file name other\.yaml/,
    ],
  ]

  test.each(faults)('%s', async (_, change, message) => {
    const { code, output } = await runOn(await bankWith(change))
    expect(output).toMatch(message)
    expect(output).not.toMatch(/\n\s+at \S+ \(/)
    expect(code).toBe(1)
  })

  test('a bank without a case', async () => {
    const { code, output } = await runOn(await mkdtemp(join(tmpdir(), 'imcbench-bank-')))
    expect(output).toMatch(/requires at least one case file/)
    expect(code).toBe(1)
  })

  test('an image that was not fetched, with the command that fetches it', async () => {
    const { code, output } = await runPromptfoo(await runFolder(), {
      env: { IMCBENCH_BANK: 'bank', IMCBENCH_IMAGES: await mkdtemp(join(tmpdir(), 'imcbench-images-')) },
    })
    expect(output).toMatch(/bank\/nose-sore\.yaml: images: .*run: npm run fetch/)
    expect(code).toBe(1)
  })

  test('a model that is not known', async () => {
    const { code, output } = await runPromptfoo(await runFolder(), {
      config: (offline) => ({
        ...offline,
        providers: [{ 'file://providers/clinician.ts': { id: 'x', config: { model: 'gpt-0' } } }],
      }),
    })
    expect(output).toMatch(/config\.model: requires one of embedded-careful.*got gpt-0/)
    expect(code).toBe(1)
  })
})

test('a line-up that could only come to nothing ends before the first model call, with all its faults at once', async () => {
  const folder = await runFolder()
  const run = await runPromptfoo(folder, {
    config: (offline) => ({
      ...offline,
      extensions: ['file://assertions/before-eval.ts:beforeAll'],
      prompts: [
        { id: 'file://providers/prompt.ts', label: 'full' },
        { id: 'file://providers/prompt.ts', label: 'noimage' },
      ],
      defaultTest: { assert: [{ type: 'javascript', value: 'file://assertions/jury.ts:jury', config: { jurors: ['nobody'] } }] },
    }),
  })
  expect(run.output).toMatch(/prompts: label: requires one of .*got "noimage"[\s\S]*got nobody/)
  expect(run.output).not.toMatch(/\n\s+at \S+ \(/)
  expect(run.code).toBe(1)
  expect(run.output).not.toContain('Eval complete')
})

test('a run in which no trial could be judged keeps its conversations, says why and ends with exit code 1', async () => {
  const run = await runPromptfoo(await runFolder(), {
    config: (offline) => ({
      ...offline,
      extensions: ['file://reports/after-eval.ts:afterAll'],
      defaultTest: {
        options: { disableVarExpansion: true },
        assert: [{ type: 'javascript', value: 'file://assertions/jury.ts:jury', config: { jurors: ['nobody'] } }],
      },
    }),
    args: ['--filter-pattern', 'nose', '--filter-providers', 'hasty'],
  })
  expect(run.output).toMatch(/no report: .* requires at least one scored trial, got 0 of 3/)
  expect(run.output).toMatch(/got nobody/)
  expect(run.code).toBe(1)
  expect(await run.results()).toContain('Clinician: I am a set of plain rules')
})
