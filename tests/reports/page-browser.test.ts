import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeReport } from '../../reports/write-report.ts'
import { chromiumIsHere, launchChromium } from '../chromium.ts'
import { heldRun } from './held-run.ts'

const present = chromiumIsHere('tests/reports/page-browser.test.ts')

describe.skipIf(!present)('the page with conversations in a real browser', () => {
  let root = ''
  let browser: Browser
  let page: Page
  const complaints: string[] = []
  const requests: string[] = []

  async function opened(options: Parameters<Browser['newPage']>[0] = {}): Promise<Page> {
    const made = await browser.newPage({ viewport: { width: 1200, height: 900 }, ...options })
    made.on('console', (message) => complaints.push(message.text()))
    made.on('pageerror', (error) => complaints.push(error.message))
    made.on('request', (request) => requests.push(request.url()))
    await made.goto(pathToFileURL(join(root, 'index.html')).href)
    // Figures are drawn when they come near the window.
    await made.locator('#explorer-figure').scrollIntoViewIfNeeded()
    await made.waitForSelector('#explorer-figure svg')
    return made
  }

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'report-'))
    const { estimates, conversations } = heldRun()
    await writeReport(estimates, root, conversations)
    browser = await launchChromium()
    page = await opened()
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    await rm(root, { recursive: true })
  })

  test('pointing at a mark shows its numbers, and leaving it hides them', async () => {
    const mark = page.locator('#explorer-figure .mark-symbol path').first()
    await mark.scrollIntoViewIfNeeded()
    await mark.hover()
    const box = page.locator('#numbers')
    await box.waitFor({ state: 'visible' })
    const label = (await mark.evaluate(
      (path) => (path as unknown as { __data__: { datum: { value: number; label: string } } }).__data__.datum,
    )) as { value: number; label: string }
    expect(await box.textContent()).toContain(label.label)
    expect(await box.textContent()).toContain(String(Number.isInteger(label.value) ? label.value : label.value.toFixed(3)))
    await page.mouse.move(2, 2)
    await box.waitFor({ state: 'hidden' })
  })

  test('unticking a model takes it out of every figure, and its scale with it; the last one stays ticked', async () => {
    const figure = page.locator('figure[data-figure=scores]')
    await figure.scrollIntoViewIfNeeded()
    await figure.locator('.moving svg').waitFor()
    const box = page.getByRole('checkbox', { name: 'm2', exact: true })
    await box.uncheck()
    for (const place of [figure.locator('.moving'), page.locator('#explorer-figure')])
      await expect
        .poll(() =>
          place.evaluate((one) =>
            [...one.querySelectorAll('text')].map((text) => text.textContent).filter((text) => text === 'm1' || text === 'm2'),
          ),
        )
        .toEqual(['m1'])
    const last = page.getByRole('checkbox', { name: 'm1', exact: true })
    await last.click()
    expect(await last.isChecked()).toBe(true)
    await box.check()
    await expect.poll(() => figure.locator('.moving').textContent()).toContain('m2')
  })

  test('the chosen figure follows measure, scoring and stratum, and its table holds the numbers', async () => {
    const table = page.locator('#explorer-table')
    await page.getByText('Numbers of the chosen figure').click()
    const values = () => table.locator('tbody tr').allTextContents()
    const all = await values()
    await page.getByRole('combobox', { name: 'Measure', exact: true }).selectOption('safety')
    await expect.poll(values).not.toEqual(all)
    const safety = await values()
    await page.getByRole('combobox', { name: 'Scores', exact: true }).selectOption({ label: 'median of jurors' })
    await expect.poll(values).not.toEqual(safety)
    await page.getByRole('combobox', { name: 'Scores', exact: true }).selectOption({ index: 0 })
    await page.locator('#explorer-choices').getByRole('combobox', { name: 'Stratum', exact: true }).selectOption('malignant')
    // Safety of the two malignant cases a and b of model m1 in arm full: 1 and 4, no interval.
    await expect.poll(async () => (await values()).find((row) => row.startsWith('m1full'))).toContain('m1full2.50–22trials')
    await page.locator('#explorer-choices').getByRole('combobox', { name: 'Stratum', exact: true }).selectOption('all')
  })

  test('a number leads to its trials, a trial to its conversation, and closing leads back', async () => {
    const row = page.locator('table.estimates').first().locator('tr[data-arm=no-image]').first()
    await row.locator('td.number').first().click()
    await expect.poll(() => page.locator('#trial-count').textContent()).toBe('24 of 192 trials; 1 to 24 shown.')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('trials-title')
    const cells = await page
      .locator('#trial-rows tr')
      .evaluateAll((rows) => rows.map((one) => one.querySelectorAll('td')[1]?.textContent))
    expect(new Set(cells)).toEqual(new Set(['no image']))
    const open = page.locator('#trial-rows button').nth(1)
    await open.click()
    await page.locator('#conversation .turns').waitFor()
    expect(await page.locator('#conversation-title').textContent()).toBe('Conversation: case b')
    await page.keyboard.press('Escape')
    expect(await open.evaluate((button) => button === document.activeElement)).toBe(true)
  })

  test('a conversation shows hostile text as text, quotes where they stand, and what did not match beside', async () => {
    await page.locator('#review tbody button').first().click()
    const dialog = page.locator('#conversation')
    await dialog.locator('.turns').waitFor()
    expect(await page.title()).not.toBe('run')
    expect(await dialog.locator('script, style').count()).toBe(0)
    expect(await dialog.locator('img').count()).toBe(1)
    const said = await dialog.locator('.turn.clinician .said').last().textContent()
    expect(said).toContain('<script>document.title = "run"</script></script></style><img src=x onerror=alert(1)>')
    expect(said).toContain('‹U+202E›soon‹U+202C›')
    expect(await dialog.locator('mark').allTextContents()).toEqual(['Do **not** wait1', 'Go *today*.2'])
    expect(await dialog.locator('.unplaced li').allTextContents()).toEqual(['[3] t4: “said by nobody”'])
    const text = (await dialog.textContent()) ?? ''
    for (const word of [
      '<b>j3</b>',
      '</td><script>j1</script>',
      'jurors differ by 4 on safety',
      'Payload proof',
      'cost',
      'Simulated data',
    ])
      expect(text.toLowerCase()).toContain(word.toLowerCase().replace('cost', '$0.0000'))
    await dialog.getByRole('button', { name: 'Close' }).click()
  })

  test('the keyboard alone reaches a conversation, steps on and comes back', async () => {
    await page.getByLabel('Case holds').focus()
    await page.keyboard.type('g1')
    await expect.poll(() => page.locator('#trial-count').textContent()).toMatch(/of 192 trials/u)
    await page.locator('#trial-rows button').first().focus()
    await page.keyboard.press('Enter')
    await page.locator('#conversation .turns').waitFor()
    const title = () => page.locator('#conversation-body .lead').textContent()
    const first = await title()
    await page.locator('#conversation-next').focus()
    await page.keyboard.press('Enter')
    await expect.poll(title).not.toBe(first)
    // The dialog is modal: the tab key does not leave it for the page behind.
    for (let press = 0; press < 12; press++) {
      await page.keyboard.press('Tab')
      expect(
        await page.evaluate(() => document.activeElement === document.body || document.activeElement?.closest('dialog') !== null),
      ).toBe(true)
    }
    await page.keyboard.press('Escape')
    expect(await page.locator('#conversation').evaluate((dialog) => (dialog as HTMLDialogElement).open)).toBe(false)
  })

  test.each(['light', 'dark'] as const)(
    'axe finds nothing serious in the page or in a conversation, %s',
    async (colorScheme) => {
      const axe = await readFile(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')
      // The page’s policy lets no other script in, so axe runs in a context without it.
      const context = await browser.newContext({ bypassCSP: true, colorScheme, viewport: { width: 1200, height: 900 } })
      const tested = await context.newPage()
      await tested.goto(pathToFileURL(join(root, 'index.html')).href)
      await tested.locator('#explorer-figure').scrollIntoViewIfNeeded()
      await tested.waitForSelector('#explorer-figure svg')
      // Once with every table open, which takes axe long; the other scheme has the same elements.
      if (colorScheme === 'light')
        await tested.evaluate(() => {
          for (const details of document.querySelectorAll('details')) details.open = true
        })
      await tested.evaluate(axe)
      const serious = () =>
        tested.evaluate(async () => {
          const { axe: run } = window as unknown as {
            axe: { run: () => Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> }
          }
          const { violations } = await run.run()
          return violations
            .filter(({ impact }) => impact === 'serious' || impact === 'critical')
            .map(({ id, nodes }) => `${id}: ${nodes.length} × ${nodes[0]?.html.slice(0, 200)}`)
        })
      expect(await serious()).toEqual([])
      await tested.locator('#trial-rows button').first().click()
      await tested.locator('#conversation .turns').waitFor()
      expect(await serious()).toEqual([])
      await context.close()
    },
    180_000,
  )

  test('on paper stand the whole still figures and the tables, and nothing to click', async () => {
    const paper = await opened()
    await paper.locator('figure[data-figure=scores]').scrollIntoViewIfNeeded()
    await paper.waitForSelector('figure.drawn')
    await paper.emulateMedia({ media: 'print' })
    expect(await paper.locator('figure[data-figure=scores] .still svg').isVisible()).toBe(true)
    for (const control of await paper.locator('button, select, input, .moving').all())
      expect(await control.isVisible()).toBe(false)
    const pdf = await paper.pdf({ format: 'A4' })
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
    expect(pdf.length).toBeGreaterThan(20_000)
    await paper.close()
  })

  test('at 400 pixels neither page nor conversation scrolls sideways', async () => {
    const narrow = await opened({ viewport: { width: 400, height: 800 } })
    const overflow = (selector: string) => narrow.locator(selector).evaluate((one) => one.scrollWidth - one.clientWidth)
    expect(await overflow('html')).toBeLessThanOrEqual(0)
    await narrow.locator('#trial-rows button').first().click()
    await narrow.locator('#conversation .turns').waitFor()
    expect(await overflow('#conversation')).toBeLessThanOrEqual(0)
    await narrow.close()
  })

  test('in all of this nothing was asked of anybody and nothing was complained of', () => {
    expect(
      requests.filter((url) => !url.startsWith('data:')).every((url) => url === pathToFileURL(join(root, 'index.html')).href),
    ).toBe(true)
    expect(complaints).toEqual([])
  })
})
