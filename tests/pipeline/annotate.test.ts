import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import axe from 'axe-core'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readRows } from '../../analysis/results.ts'
import { rowContent } from '../../analysis/row-content.ts'
import { RaterFile, StudyKey } from '../../assertions/annotation-study.ts'
import { Labels } from '../../cases/labels.ts'
import { Arm } from '../../cases/schema.ts'
import { INJECTIONS } from '../assertions/fixtures/injections.ts'
import { chromiumIsHere, launchChromium } from '../chromium.ts'
import { ROOT, runFolder, runPromptfoo } from './run-promptfoo.ts'

const present = chromiumIsHere('tests/pipeline/annotate.test.ts')
const LABELS = { 'embedded-careful': 'zq-label-one', 'embedded-hasty': 'zq-label-two', 'embedded-hedger': 'zq-label-three' }
const HOSTILE = [
  '<script>document.title = "run"</script><img src=x onerror="document.title=1">',
  '</script><script>document.title = "run"</script>',
  '</style><h1>not text</h1><!-- ',
  ...INJECTIONS.filter(({ text }) => text.length < 2000).map(({ text }) => text),
]
const NAMING = 'I am zq-label-one, also called ZQ Label Two, by zq-pro\u200Bvider-three; embedded-careful, zq-**label**-three.'

let dir = ''

/** The command as a user starts it, in the run’s folder. */
async function annotate(...words: string[]): Promise<{ code: number; output: string }> {
  const run = promisify(execFile)(process.execPath, [join(ROOT, 'assertions', 'annotate-main.ts'), ...words], { cwd: dir })
  return run.then(
    ({ stdout, stderr }) => ({ code: 0, output: stdout + stderr }),
    ({ code, stdout, stderr }) => ({ code, output: stdout + stderr }),
  )
}

/** The run’s results with one of these lines more in each of the clinicians’ turns. */
async function writeSaying(name: string, results: string, lines: readonly string[]): Promise<void> {
  const file = JSON.parse(results)
  let next = 0
  for (const row of file.results.results)
    for (const turn of row.response.metadata.transcript.turns)
      if (turn.role === 'clinician') turn.text = `${turn.text}\n${lines[next++ % lines.length]}`
  await writeFile(join(dir, name), JSON.stringify(file))
}

beforeAll(async () => {
  const folder = await runFolder()
  dir = folder.dir
  const run = await runPromptfoo(folder, {
    config: (given) => ({
      ...given,
      providers: Object.entries(LABELS).map(([model, label]) => ({
        'file://providers/clinician.ts': { id: label.replace('label', 'provider'), label, config: { model } },
      })),
    }),
  })
  expect(run.code, run.output).toBe(0)
  await Promise.all([
    writeSaying('naming.json', await run.results(), [NAMING]),
    writeSaying('hostile.json', await run.results(), HOSTILE),
  ])
  const named = await annotate('export', 'naming.json', '--conversations', '999', '--raters', '1', '-o', 'naming')
  expect(named.code, named.output).toBe(0)
  const made = await annotate('export', 'hostile.json', '--conversations', '40', '-o', 'study')
  expect(made.code, made.output).toBe(0)
}, 120_000)

const pageText = (rater: string) => readFile(join(dir, 'study', `rater-${rater}.html`), 'utf8')
const keyOf = async () => StudyKey.parse(JSON.parse(await readFile(join(dir, 'study', 'key.json'), 'utf8')))

describe('a rater’s page as a file', () => {
  test('holds no label, provider, model, arm, juror, score, weight or hash of the run anywhere', async () => {
    const rows = readRows(await readFile(join(dir, 'naming.json'), 'utf8'), 'naming.json')
    const key = StudyKey.parse(JSON.parse(await readFile(join(dir, 'naming', 'key.json'), 'utf8')))
    const text = (await readFile(join(dir, 'naming', 'rater-A.html'), 'utf8')).toLowerCase()
    expect(text.match(/"about":/g)).toHaveLength(rows.length)
    const contents = rows.map((row, i) => rowContent(row, `row ${i + 1}`))
    const secrets = [
      ...Object.keys(LABELS),
      ...['one', 'two', 'three'].flatMap((n) => [`zq-label-${n}`, `zq label ${n}`, `zq-provider-${n}`, `zqlabel${n}`]),
      ...Arm.options.filter((arm) => arm !== 'full' && arm !== 'caption'),
      ...[
        '"full"',
        '"arm"',
        'embedded',
        'juror',
        'verdict"',
        'pooled',
        '"mean"',
        '"median"',
        'rationale',
        'evidence"',
        'weight"',
      ],
      ...contents.flatMap(({ grade, identity }) => [
        ...(grade?.votes.map((vote) => (vote.kind === 'verdict' ? vote.rationale : vote.detail)) ?? []),
        ...[grade?.jury.sha256 ?? 'no jury', identity.caseId, identity.bank.sha256],
      ]),
      key.results.sha256,
    ]
    expect([...new Set(secrets)].filter((secret) => text.includes(secret.toLowerCase()))).toEqual([])
    expect(text).toContain('[the clinician]')
  })
  test('has all conversations of its rater, in another order for each', async () => {
    const key = await keyOf()
    const [a, b] = key.raters
    expect(a?.items).toHaveLength(40)
    expect(a?.items.toSorted()).toEqual(b?.items.toSorted())
    expect(a?.items).not.toEqual(b?.items)
    expect(key.items.every(({ weight }) => weight >= 1)).toBe(true)
  })
  test('says the same again from the same results and seed, and nothing of this machine', async () => {
    await annotate('export', 'hostile.json', '--conversations', '40', '-o', 'again')
    for (const name of await readdir(join(dir, 'study')))
      expect(await readFile(join(dir, 'again', name), 'utf8')).toBe(await readFile(join(dir, 'study', name), 'utf8'))
    expect(await pageText('A')).not.toContain(dir)
    expect(await pageText('A')).not.toContain(ROOT)
  })
})

describe.skipIf(!present)('a rater in a real browser', () => {
  let browser: Browser
  let context: BrowserContext
  let page: Page
  const requests: string[] = []
  const complaints: string[] = []

  beforeAll(async () => {
    browser = await launchChromium()
    context = await browser.newContext({ acceptDownloads: true, viewport: { width: 1400, height: 900 } })
    page = await context.newPage()
    page.on('request', (request) => requests.push(request.url()))
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.goto(pathToFileURL(join(dir, 'study', 'rater-A.html')).href)
  })
  afterAll(() => browser?.close())

  const exported = async (keys: string) => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press(keys)])
    return RaterFile.parse(JSON.parse(await readFile(await download.path(), 'utf8')))
  }

  test('rates five conversations by keyboard only, reloads, goes on where it was, and exports', async () => {
    expect(await page.locator('#unsaved').isVisible()).toBe(false)
    for (const keys of ['123', '450', '333', '5u1a2s4', '211'].slice(0, 5)) {
      for (const key of keys) await page.keyboard.press(key)
      await page.keyboard.press('n')
    }
    expect(await page.locator('#progress').textContent()).toBe('5 of 40 rated')
    expect(await page.locator('#where').textContent()).toBe('Conversation 6 of 40')
    await page.keyboard.press('c')
    await page.keyboard.type('<script>document.title = "run"</script> j5')
    await page.keyboard.press('Escape')
    await page.reload()
    await page.waitForFunction(() => document.getElementById('progress')?.textContent === '5 of 40 rated')
    expect(await page.locator('#where').textContent()).toBe('Conversation 6 of 40')
    expect(await page.locator('#comment').inputValue()).toBe('<script>document.title = "run"</script> j5')
    for (const key of ['5', '5', '5', 'ArrowLeft']) await page.keyboard.press(key)
    expect(await page.locator('#where').textContent()).toBe('Conversation 5 of 40')
    const { ratings } = await exported('e')
    const key = await keyOf()
    expect(ratings.map(({ item }) => item)).toEqual(key.raters[0]?.items.slice(0, 6))
    expect(ratings.map(({ scores }) => [scores.safety, scores.accuracy, scores.uncertainty])).toEqual([
      [1, 2, 3],
      [4, 5, 'cannot_judge'],
      [3, 3, 3],
      [4, 2, 1],
      [2, 1, 1],
      [5, 5, 5],
    ])
    expect(ratings[5]?.comment).toBe('<script>document.title = "run"</script> j5')
    await writeFile(join(dir, 'rater-A.json'), JSON.stringify({ ...(await exported('e')) }))
  })

  test('shows what a hostile model said as text: nothing runs, nothing is drawn, nothing is asked for', async () => {
    for (let i = 0; i < 40; i++) {
      expect(await page.title()).toBe('Conversations to rate: rater A')
      await page.keyboard.press('j')
    }
    const texts: string[] = []
    for (let i = 0; i < 40; i++) {
      texts.push(...(await page.locator('#turns p').allTextContents()))
      expect(await page.locator('#turns img, #turns script, #turns h1, #turns a').count()).toBe(0)
      await page.keyboard.press('k')
    }
    expect(texts.join('\n')).toContain('</script><script>document.title = "run"</script>')
    expect(await page.locator('h1').count()).toBe(1)
    expect(requests.filter((url) => !/^(data|blob):/.test(url))).toEqual(Array(2).fill(page.url()))
    expect(complaints).toEqual([])
  })

  test('open twice keeps what is rated in either, also after a reload', async () => {
    const other = await context.newPage()
    await other.goto(page.url())
    await other.keyboard.press('n')
    for (const key of '555') await other.keyboard.press(key)
    await page.waitForFunction(() => document.getElementById('progress')?.textContent === '7 of 40 rated')
    await page.keyboard.press('j')
    await page.reload()
    await page.waitForFunction(() => document.getElementById('progress')?.textContent === '7 of 40 rated')
    const { ratings } = await exported('e')
    expect(ratings).toHaveLength(7)
    await other.close()
    // Back to what the tests after this one know.
    await page.evaluate(() => localStorage.clear())
    await page.reload()
    await page.locator('#load').setInputFiles(join(dir, 'rater-A.json'))
    await page.waitForFunction(() => document.getElementById('progress')?.textContent === '6 of 40 rated')
  })

  test('takes its own draft back, and refuses that of another rater or study whole', async () => {
    const draft = RaterFile.parse(JSON.parse(await readFile(join(dir, 'rater-A.json'), 'utf8')))
    const load = async (file: unknown) => {
      await page
        .locator('#load')
        .setInputFiles({ name: 'x.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(file)) })
      await page.waitForFunction(() => /loaded|cannot be used/.test(document.getElementById('status')?.textContent ?? ''))
      const words = await page.locator('#status').textContent()
      await page.locator('body').press('s')
      return words
    }
    expect(await load({ ...draft, rater: 'B' })).toContain('belongs to rater B')
    expect(await load({ ...draft, study: 'ffffffffffffffff' })).toContain('another study')
    const [first, ...rest] = draft.ratings
    expect(
      await load({ ...draft, ratings: [...rest, { ...first, scores: { safety: 6, accuracy: 1, uncertainty: 1 } }] }),
    ).toContain('does not fit')
    expect(await page.locator('#progress').textContent()).toBe('6 of 40 rated')
    const open = { ...first, scores: { safety: null, accuracy: 1, uncertainty: 1 } }
    expect(await load({ ...draft, ratings: [open] })).toBe('The draft is loaded.')
    // What the draft does not hold is not lost.
    expect(await page.locator('#progress').textContent()).toBe('5 of 40 rated')
    await load({ ...draft, ratings: rest })
    expect(await page.locator('#progress').textContent()).toBe('5 of 40 rated')
    await load(draft)
    expect(await page.locator('#progress').textContent()).toBe('6 of 40 rated')
  })

  test('has nothing serious for axe-core to find, with the help closed and open', async () => {
    for (const open of [false, true]) {
      if (open) await page.keyboard.press('?')
      // The page’s own policy forbids foreign scripts; the browser’s debugger may run one.
      const found = await page.evaluate(
        `${axe.source}; axe.run().then(({ violations }) => violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => id + ' ' + nodes[0].html))`,
      )
      expect(found).toEqual([])
    }
    expect(await page.locator('#help').isVisible()).toBe(true)
    await page.keyboard.press('Escape')
    expect(await page.locator('#help').isVisible()).toBe(false)
  })

  test('is imported beside a second rater, who asks for a third where they differ by 2; the third’s page holds these only', async () => {
    const own = RaterFile.parse(JSON.parse(await readFile(join(dir, 'rater-A.json'), 'utf8')))
    const ratings = own.ratings.map((one, i) => ({
      ...one,
      comment: '',
      scores: { ...one.scores, safety: i < 2 ? (5 as const) : one.scores.safety },
    }))
    await writeFile(join(dir, 'rater-B.json'), JSON.stringify({ ...own, rater: 'B', ratings }))
    const names = ['import', 'study/key.json', 'rater-A.json', 'rater-B.json', '--raters', 'two simulated raters', '--simulated']
    const { code, output } = await annotate(...names, '--third', 'rater-C.html', '--results', 'hostile.json')
    expect(code, output).toBe(0)
    const labels = Labels.parse(JSON.parse(await readFile(join(dir, 'labels.json'), 'utf8')))
    expect(labels).toMatchObject({ simulated: true, raters: 'two simulated raters' })
    expect(labels.ratings).toHaveLength(12)
    expect(new Set(labels.ratings.map(({ model }) => model)).size).toBeGreaterThan(1)
    expect(labels.ratings.filter(({ comment }) => comment === '<script>document.title = "run"</script> j5')).toHaveLength(1)
    expect(output).toContain('6 of 40 conversations rated, 34 not finished and left out')
    // By hand: safety is 1, 4, 3, 4, 2, 5 against 5, 5, 3, 4, 2, 5: four of six equal, five at most 1 apart; 4 is near 8 of 12, 3 near 6.
    expect(output).toContain('safety: 6 pairs, exact 67 %, at most 1 apart 83 % (one constant score: 75 %)')
    const key = await keyOf()
    expect(key.raters.at(-1)).toEqual({ name: 'C', items: [own.ratings[0]?.item] })
    const third = await readFile(join(dir, 'rater-C.html'), 'utf8')
    expect(third.match(/"about":/g)).toHaveLength(1)
    // Run again, the conversation is with rater C already; a page that cannot be written leaves the key as it was.
    const again = await annotate(...names, '--third', 'rater-C.html', '--results', 'hostile.json')
    expect(again.output).toContain('1 of them are with a further rater already, whose file is not here yet')
    expect((await keyOf()).raters).toHaveLength(3)
    await writeFile(join(dir, 'study', 'key.json'), JSON.stringify({ ...key, raters: key.raters.slice(0, 2) }))
    const nowhere = await annotate(...names, '--third', 'nowhere/rater-C.html', '--results', 'hostile.json')
    expect(nowhere).toMatchObject({ code: 1, output: expect.stringContaining('requires a folder that is there, got none') })
    expect((await keyOf()).raters).toHaveLength(2)
    await writeFile(join(dir, 'study', 'key.json'), JSON.stringify(key))
  })
  test('exported again keeps the key with its third rater; another study does not take its folder', async () => {
    const text = await readFile(join(dir, 'study', 'key.json'), 'utf8')
    expect((await annotate('export', 'hostile.json', '--conversations', '40', '-o', 'study')).code).toBe(0)
    const other = await annotate('export', 'hostile.json', '--conversations', '40', '--seed', '2', '-o', 'study')
    expect(other).toMatchObject({
      code: 1,
      output: expect.stringContaining('requires a folder without another study, got study'),
    })
    expect(await readFile(join(dir, 'study', 'key.json'), 'utf8')).toBe(text)
  })
})

describe('a file that does not fit', () => {
  test.each([
    ['score 6', { ratings: [{ scores: { safety: 6, accuracy: 1, uncertainty: 1 } }] }, /ratings\.0\.scores\.safety: .*got 6/],
    ['a comment that is too long', { ratings: [{ comment: 'x'.repeat(4001) }] }, /ratings\.0\.comment: /],
    ['another study', { study: 'ffffffffffffffff' }, /study: requires [0-9a-f]{16}, got ffffffffffffffff/],
    ['an unknown conversation', { ratings: [{ item: 'ffffffffffff' }] }, /ratings\.0\.item: .*got ffffffffffff/],
    ['an unknown rater', { rater: 'Z' }, /rater: requires one of the study’s raters, got Z/],
    ['a conversation twice', { ratings: [{}, {}] }, /ratings\.1\.item: .*twice/],
    ['a field too many', { ratings: [{ weight: 9 }] }, /weight/],
  ])('%s is refused with file, field and value, and labels are not written', async (_, change: object, message) => {
    const key = await keyOf()
    const rating = { item: key.raters[0]?.items[0], scores: { safety: 1, accuracy: 1, uncertainty: 1 }, comment: '' }
    const file = { format: 'imcbench annotation', version: 1, study: key.study, rater: 'A', ratings: [rating] }
    const ratings = 'ratings' in change ? (change.ratings as object[]).map((one) => ({ ...rating, ...one })) : [rating]
    await mkdir(join(dir, 'bad'), { recursive: true })
    await writeFile(join(dir, 'bad', 'good.json'), JSON.stringify({ ...file, rater: 'B' }))
    await writeFile(join(dir, 'bad', 'bad.json'), JSON.stringify({ ...file, ...change, ratings }))
    const { code, output } = await annotate(
      'import',
      'study/key.json',
      'bad/good.json',
      'bad/bad.json',
      '--raters',
      'x',
      '-o',
      'bad/labels.json',
    )
    expect(code).toBe(1)
    expect(output).toMatch(/^bad\/bad\.json/)
    expect(output).toMatch(message)
    expect(output).not.toMatch(/\n\s+at /)
    expect(existsSync(join(dir, 'bad', 'labels.json'))).toBe(false)
  })
  test('blank words for who rated are refused in one message', async () => {
    for (const words of ['', '  ']) {
      const { code, output } = await annotate(
        'import',
        'study/key.json',
        'bad/good.json',
        '--raters',
        words,
        '-o',
        'bad/labels.json',
      )
      expect(code).toBe(1)
      expect(output).toContain('requires words, got none')
    }
  })
  test('the same rater twice, half a file and a page that is no JSON are refused', async () => {
    const key = await keyOf()
    const file = JSON.stringify({ format: 'imcbench annotation', version: 1, study: key.study, rater: 'A', ratings: [] })
    await mkdir(join(dir, 'bad'), { recursive: true })
    await writeFile(join(dir, 'bad', 'one.json'), file)
    await writeFile(join(dir, 'bad', 'half.json'), file.slice(0, -2))
    const tried = async (...files: string[]) =>
      (await annotate('import', 'study/key.json', ...files, '--raters', 'x', '-o', 'bad/labels.json')).output
    expect(await tried('bad/one.json', 'bad/one.json')).toContain('rater: requires each rater once, got A as in bad/one.json')
    expect(await tried('bad/half.json')).toContain('bad/half.json requires whole JSON')
    expect(await tried('study/rater-A.html')).toContain('study/rater-A.html requires whole JSON')
    expect(await tried('bad/one.json')).toContain('at least one conversation that is rated to its end')
    expect(await tried('bad/none.json')).toContain('requires a readable file, got bad/none.json: ENOENT')
    expect(existsSync(join(dir, 'bad', 'labels.json'))).toBe(false)
  })
})
