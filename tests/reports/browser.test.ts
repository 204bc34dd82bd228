import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Estimate } from '../../analysis/estimate.ts'
import { writeReport } from '../../reports/write-report.ts'
import { chromiumIsHere, launchChromium } from '../chromium.ts'
import { madeUp } from './estimates.ts'
import { richEstimates } from './rich-estimates.ts'

const present = chromiumIsHere('tests/reports/browser.test.ts')

describe.skipIf(!present)('the page in a real browser', () => {
  let root = ''
  let browser: Browser
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'report-'))
    const models = ['<script>document.title = "run"</script>', '</style><h1>x', '\u202Ertl', 'plain', 'x'.repeat(60)]
    const point = (estimate: Estimate) => (estimate.measure === 'safety' ? { ...estimate, reason: 'only a point' } : estimate)
    await writeReport(madeUp({ models, change: point }), root)
    await writeReport(madeUp({ halfWidth: 9 }), join(root, 'wide'))
    await writeReport(richEstimates(), join(root, 'rich'))
    browser = await launchChromium()
  })
  afterAll(async () => {
    await browser?.close()
    await rm(root, { recursive: true })
  })

  test.each([
    ['wide and light', 1200, 'light'],
    ['wide and dark', 1200, 'dark'],
    ['400 pixels wide', 400, 'light'],
  ] as const)(
    '%s: opens from disk without a request or complaint, with figures and no sideways scrolling',
    async (_, width, colorScheme) => {
      const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme })
      const complaints: string[] = []
      const requests: string[] = []
      page.on('console', (message) => complaints.push(message.text()))
      page.on('pageerror', (error) => complaints.push(error.message))
      page.on('request', (request) => requests.push(request.url()))
      const address = pathToFileURL(join(root, 'index.html')).href
      await page.goto(address)
      expect(complaints).toEqual([])
      expect(requests.filter((url) => url !== 'data:,')).toEqual([address])
      expect(await page.title()).toBe('Image-grounded medical conversations: bank “made-up-for-tests” (simulated data)')
      expect(await page.locator('h1').count()).toBe(1)
      for (const figure of await page.locator('figure[data-figure]').all()) await figure.scrollIntoViewIfNeeded()
      await page.waitForFunction(() => document.querySelectorAll('figure.drawn').length === 6)
      for (const figure of await page.locator('figure.drawn .moving svg').all()) {
        const box = await figure.boundingBox()
        expect(box?.width).toBeGreaterThan(300)
        expect(box?.height).toBeGreaterThan(60)
      }
      for (const place of await page.locator('figure.drawn .moving [role=img]').all())
        expect(await place.getAttribute('aria-label')).toContain('Simulated data')
      expect(complaints).toEqual([])
      expect(requests.filter((url) => url !== 'data:,')).toEqual([address])
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true)
      await page.close()
    },
  )

  test('without a script the page still shows every figure and table, and no empty control', async () => {
    const page = await browser.newPage({ viewport: { width: 1200, height: 800 }, javaScriptEnabled: false })
    await page.goto(pathToFileURL(join(root, 'index.html')).href)
    const figures = await page.locator('figure svg[role=img]').all()
    expect(figures).toHaveLength(6)
    for (const figure of figures) {
      expect((await figure.boundingBox())?.width).toBeGreaterThan(300)
      expect(await figure.getAttribute('aria-label')).toContain('Simulated data')
    }
    expect(await page.locator('table.estimates').count()).toBe(4)
    for (const control of await page.locator('button, select, fieldset, .moving').all())
      expect(await control.isVisible()).toBe(false)
    await page.close()
  })

  test('each figure file is well-formed SVG on its own', async () => {
    const page = await browser.newPage()
    for (const name of ['scores', 'deltas', 'ablations']) {
      await page.goto(pathToFileURL(join(root, 'figures', `${name}.svg`)).href)
      expect(await page.locator('parsererror').count()).toBe(0)
      expect(await page.locator('svg[role=img] text').count()).toBeGreaterThan(10)
      expect(await page.locator('script').count()).toBe(0)
    }
    await page.close()
  })

  test('at 900 pixels every table of estimates fits, its four measures equally wide and no text cut or overlapping', async () => {
    const page = await browser.newPage({ viewport: { width: 900, height: 800 }, javaScriptEnabled: false })
    await page.goto(pathToFileURL(join(root, 'index.html')).href)
    const tables = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLTableElement>('table.estimates')].map((table) => {
        const right = (cell: Element) => cell.getBoundingClientRect().right
        return {
          overflow: table.scrollWidth - (table.parentElement?.clientWidth ?? 0),
          widths: [...table.querySelectorAll('thead .number')].slice(0, 4).map((cell) => cell.getBoundingClientRect().width),
          // What a cell holds, its raised letter included, ends before the next cell's text can begin.
          spilt: [...table.querySelectorAll('tbody td.number')].filter((cell) => {
            const range = document.createRange()
            range.selectNodeContents(cell)
            const box = range.getBoundingClientRect()
            return (
              box.left < cell.getBoundingClientRect().left ||
              [...cell.querySelectorAll('sup')].some((sup) => right(sup) > right(cell))
            )
          }).length,
          letters: table.querySelectorAll('sup').length,
        }
      }),
    )
    expect(tables).toHaveLength(4)
    for (const { overflow, widths, spilt, letters } of tables) {
      expect(overflow).toBeLessThanOrEqual(0)
      expect(new Set(widths.map(Math.round)).size).toBe(1)
      expect(widths).toHaveLength(4)
      expect(spilt).toBe(0)
      expect(letters).toBeGreaterThan(0)
    }
    await page.close()
  })

  test('numbers in words stay clear of marks, also of intervals wider than the scale', async () => {
    const page = await browser.newPage({ viewport: { width: 1200, height: 800 }, javaScriptEnabled: false })
    await page.goto(pathToFileURL(join(root, 'wide', 'index.html')).href)
    const hits = await page.evaluate(() =>
      [...document.querySelectorAll('figure svg')].flatMap((svg) => {
        const boxes = (selector: string) => [...svg.querySelectorAll(selector)].map((mark) => mark.getBoundingClientRect())
        const numbers = [...svg.querySelectorAll('text')].filter((text) => text.textContent?.includes('['))
        const marks = [...boxes('.mark-symbol path'), ...boxes('.mark-rule line')]
        return numbers.map((text) => {
          const box = text.getBoundingClientRect()
          return marks.filter((m) => m.right > box.left && m.left < box.right && m.bottom > box.top && m.top < box.bottom).length
        })
      }),
    )
    expect(hits.length).toBeGreaterThan(10)
    expect(new Set(hits)).toEqual(new Set([0]))
    await page.close()
  })

  test.each(['', 'rich'])('text drawn by the browser keeps inside the figure and off its neighbours (%s)', async (folder) => {
    const page = await browser.newPage({ viewport: { width: 1200, height: 800 }, javaScriptEnabled: false })
    await page.goto(pathToFileURL(join(root, folder, 'index.html')).href)
    const overlaps = await page.evaluate(() =>
      [...document.querySelectorAll('figure svg')].flatMap((svg) => {
        const frame = svg.getBoundingClientRect()
        // A white border is drawn as the same words with a stroke.
        const texts = [...svg.querySelectorAll('text')].filter((text) => text.textContent && !text.hasAttribute('stroke'))
        const boxes = texts.map((text) => ({ words: text.textContent, box: text.getBoundingClientRect() }))
        const outside = boxes.filter(({ box }) => box.left < frame.left || box.right > frame.right || box.bottom > frame.bottom)
        // Two lines may share a pixel row of descenders; sharing more than a third of the height is an overlap.
        const over = boxes.filter((a, i) =>
          boxes.slice(i + 1).some(({ box }) => {
            const across = Math.min(a.box.right, box.right) - Math.max(a.box.left, box.left)
            const down = Math.min(a.box.bottom, box.bottom) - Math.max(a.box.top, box.top)
            return across > 1 && down > Math.min(a.box.height, box.height) / 3
          }),
        )
        return [...outside, ...over].map(({ words }) => words)
      }),
    )
    expect(overlaps).toEqual([])
    await page.close()
  })
})
