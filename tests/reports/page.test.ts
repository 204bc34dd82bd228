import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeReport } from '../../reports/write-report.ts'
import { madeUp, withoutEstimate } from './estimates.ts'

const hostile = [
  '<script>alert(1)</script>',
  '</style></title><img src=x onerror=alert(1)>',
  'rtl \u202Egpj.exe',
  "=cmd|' /C calc'!A0",
  '" onload="alert(1)',
  'nul\u0000\u001B[31m \uD800',
  ']]>&amp;{{7*7}}',
]

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'report-'))
})
afterAll(() => rm(root, { recursive: true }))

async function files(dir: string): Promise<Map<string, string>> {
  // What is for papers (LaTeX, Markdown, words, PDF) has tests of its own.
  const names = (await readdir(dir, { recursive: true }))
    .filter((name) => /\.(?:html|csv|svg|json)$|^figures\/.*\.txt$/u.test(name))
    .sort()
  return new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(dir, name), 'utf8')] as const)))
}

async function report(name: string, estimates: ReturnType<typeof madeUp>): Promise<Map<string, string>> {
  await writeReport(estimates, join(root, name))
  return files(join(root, name))
}

// The page without its own scripts and data; what is in them is looked at apart.
const withoutScripts = (page: string) => page.replace(/<script[^>]*>.*?<\/script>/gsu, '')
const scriptsOf = (page: string) =>
  [...page.matchAll(/<script([^>]*)>(.*?)<\/script>/gsu)].map(([, kind = '', text = '']) => ({ kind, text }))

const two = (value: number) => value.toFixed(2).replace('-', '−').replace('−0.00', '0.00')

describe('report', () => {
  test('the page tells who spoke for patients, with counts and escaped names, and nothing of it where rules did', async () => {
    const counts = { answers: 40, malformed: 0, disallowed: 0, overLimit: 0, overshared: 6, unlisted: 0, leaks: 7 }
    const row = { model: hostile[0] ?? '', arm: 'full' as const, conversations: 8, quarantined: 3, ...counts }
    const patients = {
      speakers: [{ id: 'speaker-1', family: 'speakers', simulated: false, underTest: true }],
      fidelity: [{ ...row, rejected: 9, regenerations: 9, fallbacks: 2, done: 1 }],
    }
    const page = (await report('spoken', { ...madeUp(), patients })).get('index.html') ?? ''
    expect(page).toMatch(/speaker-1[^<]*<?[^.]*its family, .*speakers.*is also under test/)
    expect(page).toContain('Set aside')
    expect(page.match(/<td class="number">(8|3|40|6|7|9|2|1|0)<\/td>/g)?.length).toBeGreaterThanOrEqual(10)
    expect(page).not.toContain('<script>alert')
    expect((await report('ruled', madeUp())).get('index.html')).not.toContain('Set aside')
  })
  test('the page holds every estimate with both intervals, and every exclusion', async () => {
    const estimates = madeUp({ arms: ['full', 'no-image', 'no-ehr', 'no-image-no-ehr'] })
    const page = (await report('all', estimates)).get('index.html') ?? ''
    const cells = page.match(/<td class="number">[^<]*\[[^<]*<span class="minor">BCa [^<]*/gu) ?? []
    const given = estimates.estimates.map(({ value, intervals: [cr2, bca] }) => {
      if (value === null || cr2 === undefined || bca === undefined) throw new Error('the fixture has all values')
      const ends = ({ low, high }: { low: number; high: number }) => `[${two(low)}, ${two(high)}]`
      return `<td class="number">${two(value)} ${ends(cr2)}<span class="minor">BCa ${ends(bca)}`
    })
    expect(cells.toSorted()).toEqual(given.toSorted())
    for (const { reason, count } of estimates.exclusions) expect(page).toMatch(new RegExp(`${reason}.*>${count}</td>`, 'u'))
  })

  test('the banner stands on the page, in every figure and in every CSV row', async () => {
    const written = await report('banner', madeUp())
    expect([...written.keys()]).toEqual([
      ...['ablations', 'deltas', 'dimensions', 'missing', 'safety-accuracy', 'scores'].flatMap((name) => [
        `figures/${name}.column.svg`,
        `figures/${name}.column.vl.json`,
        `figures/${name}.csv`,
        `figures/${name}.svg`,
        `figures/${name}.txt`,
        `figures/${name}.vl.json`,
      ]),
      'index.html',
      ...['ablations', 'deltas', 'missing', 'published', 'scores'].map((name) => `tables/${name}.csv`),
    ])
    for (const [name, text] of written) {
      expect(text, name).toMatch(/Simulated data: all 3 models are embedded rules/u)
      if (name.endsWith('.csv'))
        expect(
          text
            .trimEnd()
            .split('\n')
            .slice(1)
            .every((line) => line.startsWith('Simulated data:')),
        ).toBe(true)
    }
    expect(written.get('index.html')?.match(/>Simulated data: all 3/gu)).toHaveLength(7)
  })

  test('hostile names stay text on the page and in figures', async () => {
    const estimates = madeUp({ models: hostile })
    const [first = ''] = hostile
    const written = await report('hostile', {
      ...estimates,
      jurors: hostile,
      rubric: first,
      bank: { ...estimates.bank, name: first },
      software: { name: first, version: '</style>' },
      simulated: { ...estimates.simulated, models: hostile.slice(1), jurors: hostile.slice(1) },
      exclusions: hostile.map((model) => ({ model, arm: 'full', measure: null, reason: model, count: 1 })),
    })
    const blocks = scriptsOf(written.get('index.html') ?? '').filter(({ kind }) => kind !== '')
    expect(blocks.map(({ kind }) => kind)).toEqual([' type="application/json" id="page-data"'])
    expect(blocks[0]?.text).not.toMatch(/[<>&\p{Bidi_Control}\p{Cs}\p{Cc}]/u)
    expect(JSON.parse(blocks[0]?.text ?? '').models.toSorted()).toEqual(hostile.toSorted())
    for (const [name, whole] of written) {
      if (!/\.(html|svg)$/u.test(name)) continue
      const text = withoutScripts(whole)
      expect(text, name).not.toMatch(/<script|<img|<[^<>]*\son\w+="|[\p{Bidi_Control}\p{Cs}]/iu)
      // Only line feeds of the style sheet and the layout may be control characters.
      expect(text.replaceAll('\n', ''), name).not.toMatch(/\p{Cc}/u)
      expect(text.match(/<\/style/gu)?.length ?? 0, name).toBe(name.endsWith('.html') ? 1 : 0)
      // In a column names are broken into lines.
      if (!name.includes('.column.')) expect(text, name).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
      expect(text, name).toContain('‹U+202E›')
    }
  })

  test('the page asks for nothing and runs its own two scripts only', async () => {
    const whole = (await report('closed', madeUp())).get('index.html') ?? ''
    const own = scriptsOf(whole).filter(({ kind }) => kind === '')
    const hashes = own.map(({ text }) => `&#39;sha256-${createHash('sha256').update(text).digest('base64')}&#39;`)
    expect(own).toHaveLength(2)
    expect(whole).toContain(
      `http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;; img-src data:; base-uri &#39;none&#39;; form-action &#39;none&#39;; script-src ${hashes.join(' ')}">`,
    )
    const page = withoutScripts(whole)
    expect(page).not.toMatch(/<script|<iframe|@import|url\(|\son\w+=/iu)
    expect([...page.matchAll(/(?:src|href)="([^"#][^"]*)"/gu)].map(([, address]) => address)).toEqual([
      'data:,',
      ...['scores', 'dimensions', 'deltas', 'ablations', 'safety-accuracy', 'missing'].flatMap((name) =>
        ['svg', 'pdf', 'png', 'csv', 'vl.json'].map((ending) => `figures/${name}.${ending}`),
      ),
      'https://arxiv.org/abs/2606.28556',
    ])
  })

  test('a table says once that all its values are exploratory, and marks them where only some are', async () => {
    const few = (await report('few', madeUp({ images: 12 }))).get('index.html') ?? ''
    const many = (await report('many', madeUp({ images: 40 }))).get('index.html') ?? ''
    const one = madeUp({
      change: (e) => ({ ...e, exploratory: e.model === 'beta' && e.estimand === 'mean' && e.arm === 'full' }),
    })
    const some = (await report('some', one)).get('index.html') ?? ''
    expect(few.match(/<li>All values of this table are exploratory:/gu)).toHaveLength(4)
    expect(few).not.toContain('<sup>')
    expect(many).not.toMatch(/<sup>|All values of this table/u)
    expect(some).not.toContain('All values of this table')
    expect(some.match(/\]<sup>a<\/sup><span/gu)).toHaveLength(4)
    expect(some.match(/<li><sup>a<\/sup> <bdi>exploratory:/gu)).toHaveLength(1)
  })

  test('each distinct reason is one note below its table, and every cell it holds for has its letter', async () => {
    const estimates = madeUp({
      change: (e) => {
        if (e.estimand !== 'mean') return e
        if (e.model === 'beta') return withoutEstimate(e, 'no case <b> has the score')
        return e.measure === 'safety' ? { ...e, reason: 'only a point' } : e
      },
    })
    const page = (await report('notes', estimates)).get('index.html') ?? ''
    const order = page.match(/<li><sup>.*?<\/li>/gu)
    expect(order).toHaveLength(2)
    const letter = (reason: string) => order?.find((item) => item.includes(reason))?.match(/<sup>(.)<\/sup>/u)?.[1]
    const [missing, point] = [letter('no case &lt;b&gt; has the score'), letter('only a point')]
    expect([missing, point].toSorted()).toEqual(['a', 'b'])
    expect(page.split(`no estimate<sup>${missing}</sup>`)).toHaveLength(1 + 3 * 4)
    expect(page.split(`]<sup>${point}</sup>`)).toHaveLength(1 + 3 * 3)
  })

  test('the strata table adds up to the cases of the run, with those of unknown stratum in a row of their own', async () => {
    const rows = async (name: string, estimates: ReturnType<typeof madeUp>) => {
      const page = (await report(name, estimates)).get('index.html') ?? ''
      const body = page.match(/<table class="strata">.*?<tbody>(.*?)<\/tbody>/su)?.[1] ?? ''
      return [...body.matchAll(/<th scope="row">(.*?)<\/th>(.*?)<\/tr>/gsu)].map(([, title, cells = '']) => [
        title,
        ...[...cells.matchAll(/>([^<]+)<\/td>/gu)].map(([, text]) => text),
      ])
    }
    // madeUp: 3 + 15 malignant, 4 + 36 not malignant, 2 unknown, 60 cases.
    expect(await rows('unknown', madeUp())).toEqual([
      ['Malignant', '3', '15', '18'],
      ['Not malignant', '4', '36', '40'],
      ['In situ, uncertain, or rarity unknown', '–', '–', '2'],
      ['All cases', '–', '–', '60'],
    ])
    const known = madeUp()
    expect(await rows('known', { ...known, strata: { ...known.strata, unknown: 0 } })).toEqual([
      ['Malignant', '3', '15', '18'],
      ['Not malignant', '4', '36', '40'],
      ['All cases', '7', '51', '58'],
    ])
  })

  test('title and heading name the bank and say when data are simulated', async () => {
    const estimates = madeUp()
    const titles = async (name: string, simulated: typeof estimates.simulated) => {
      const page =
        (await report(name, { ...estimates, bank: { ...estimates.bank, name: 'skin' }, simulated })).get('index.html') ?? ''
      return [page.match(/<title>(.*?)<\/title>/u)?.[1], page.match(/<h1>(.*?)<\/h1>/u)?.[1]?.replace(/<\/?bdi>/gu, '')]
    }
    const words = 'Image-grounded medical conversations: bank “skin”'
    const none = { models: [], jurors: [], patient: false, drawnImages: 0 }
    expect(await titles('kind-all', estimates.simulated)).toEqual(Array(2).fill(`${words} (simulated data)`))
    expect(await titles('kind-some', { ...none, patient: true })).toEqual(Array(2).fill(`${words} (partly simulated data)`))
    expect(await titles('kind-none', none)).toEqual([words, words])
  })

  test('the same estimates give the same bytes in every file', async () => {
    expect(await report('once', madeUp())).toEqual(await report('twice', madeUp()))
  })

  test('a figure that this run does not have leaves no files of an earlier run, and a sentence on the page', async () => {
    await report('again', madeUp())
    const reason = 'no case <b> has the score'
    const none = madeUp({ arms: ['full'], change: (estimate) => withoutEstimate(estimate, reason) })
    const written = await report('again', { ...none, exclusions: [] })
    expect([...written.keys()]).toEqual([
      'index.html',
      ...['deltas', 'missing', 'published', 'scores'].map((name) => `tables/${name}.csv`),
    ])
    const page = withoutScripts(written.get('index.html') ?? '')
    expect(page).not.toContain('<svg')
    expect(page.match(/There is no figure of/gu)).toHaveLength(14)
    expect(page).toContain('no case &lt;b&gt; has the score')
  })
})
