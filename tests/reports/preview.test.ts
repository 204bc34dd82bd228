import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { renderEhr } from '../../cases/ehr.ts'
import { prepareImage } from '../../cases/images.ts'
import { caseOf, loadBank } from '../../cases/load.ts'
import { Arm } from '../../cases/schema.ts'
import prompt from '../../providers/prompt.ts'
import { type ArmPreview, type NoPreview, previewCase } from '../../reports/preview.ts'
import { previewPage } from '../../reports/preview-page.ts'
import { previewText } from '../../reports/preview-text.ts'

const ID = 'demo-nose-bump'
let store = ''
let arms: readonly (ArmPreview | NoPreview)[] = []
beforeAll(async () => {
  store = await mkdtemp(join(tmpdir(), 'imcbench-preview-'))
  vi.stubEnv('IMCBENCH_STORE', store)
  vi.stubEnv('IMCBENCH_BANK', '')
  arms = await previewCase('demo', ID, Arm.options)
})
afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(store, { recursive: true })
})

function of(arm: Arm): ArmPreview {
  const found = arms.find((each) => each.arm === arm)
  if (found === undefined || 'missing' in found) throw new Error(`the test requires arm ${arm}, got ${found?.missing}`)
  return found
}

describe('previewCase', async () => {
  const bank = await loadBank('demo')
  const one = caseOf(bank, ID)
  const ehr = renderEhr(one.ehr)

  test('the clinician of full has the instructions, the record and the picture, byte for byte', async () => {
    const [image] = one.images
    if (image === undefined) throw new Error('the test requires an image, got none')
    expect(of('full').system).toBe(`${prompt()}\n\n${ehr}`)
    expect(of('full').images).toEqual([await prepareImage(image, bank.dir)])
    expect(of('full').opening).toBe(`${one.opening} ${image.patientLine}`)
  })
  test('the arms without record or picture show neither', () => {
    expect(of('no-ehr').system).toBe(prompt())
    expect(of('no-image').images).toEqual([])
    expect(of('no-image-no-ehr')).toMatchObject({ system: prompt(), images: [], opening: one.opening })
  })
  test('arm wrong-image shows a picture of another case', () => {
    expect(of('wrong-image').images).toHaveLength(1)
    expect(of('wrong-image').images[0]?.sha256).not.toBe(of('full').images[0]?.sha256)
  })
  test('jurors get the truth and the conversation that was held, for each dimension', () => {
    const { jurorRequests, transcript } = of('full')
    for (const request of Object.values(jurorRequests)) {
      const texts = request.messages.flatMap(({ content }) => content.flatMap((part) => (part.type === 'text' ? part.text : [])))
      const [reference, conversation] = texts.flatMap((text) => text.split('\n').filter((line) => line.startsWith('{')))
      expect(JSON.parse(reference ?? '')).toMatchObject({ truth: one.truth })
      expect(JSON.parse(conversation ?? '').turns).toHaveLength(transcript.turns.length)
      expect(request.messages[0]?.content.some((part) => part.type === 'image')).toBe(true)
    }
  })
  test('a case that the bank does not have is refused by name', async () => {
    await expect(previewCase('demo', 'nobody', ['full'])).rejects.toThrow('got nobody')
  })
})

describe('previewText and previewPage', () => {
  test('the text of an arm never names the diagnosis before the juror’s part', () => {
    for (const arm of ['full', 'no-image', 'no-ehr', 'no-image-no-ehr'] as const) {
      const [shown = ''] = previewText(ID, [of(arm)]).split('--- Juror')
      expect(shown).toContain('Clinician: first message')
      expect(shown).not.toMatch(/basal cell|rodent/i)
    }
  })
  test('an arm that cannot be held says why', () => {
    const none: NoPreview = { arm: 'wrong-image', missing: 'requires another case, got none' }
    expect(previewText(ID, [none])).toContain('cannot be held: requires another case, got none')
    expect(previewPage(ID, [none])).toContain('Cannot be held: requires another case, got none')
  })
  test('the page holds the picture itself, loads nothing and escapes what the case says', () => {
    const page = previewPage(ID, [{ ...of('full'), opening: '<script>alert(1)</script>' }])
    expect(page).toContain(`src="data:image/jpeg;base64,${Buffer.from(of('full').images[0]?.bytes ?? []).toString('base64')}"`)
    expect(page).not.toMatch(/<script|(?:src|href)="https?:/)
    expect(page).toContain('&lt;script&gt;')
  })
})
