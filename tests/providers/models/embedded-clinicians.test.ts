import { execFileSync } from 'node:child_process'
import { appendFileSync, cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { showsImage } from '../../../cases/arms.ts'
import { renderEhr } from '../../../cases/ehr.ts'
import { Arm } from '../../../cases/schema.ts'
import { NO_USAGE, type Transcript } from '../../../cases/transcript.ts'
import { readTriage } from '../../../cases/triage.ts'
import { CLOSING_QUESTION, converse } from '../../../providers/conversation.ts'
import type { Message, Model, Request } from '../../../providers/model.ts'
import { EMBEDDED_CLINICIANS } from '../../../providers/models/embedded-clinicians.ts'
import { modelOf } from '../../../providers/models/registry.ts'
import { aCase } from '../../cases/a-case.ts'
import { requestOf } from '../models.ts'
import { drawn, greyChest, lopsidedPatch, orangeDisc, roundSpot, SKIN } from '../pictures.ts'
import { preparedOf, setupOf } from '../setups.ts'

const ROOT = join(import.meta.dirname, '..', '..', '..')
const RULES_ONLY = 'I am a set of plain rules and not a doctor.'
const RECORD = renderEhr(aCase().ehr)
const never = new AbortController().signal
const say = async (model: Model, request: Request) => (await model.reply(request, never)).text

/** The request for the closing advice after one question and answer. */
function closing(picture: Uint8Array | null, system = 'You are a clinician.', heard = 'It has been there for a year.'): Request {
  const image = picture === null ? [] : [{ type: 'image' as const, mime: 'image/jpeg' as const, bytes: picture }]
  const message = (role: Message['role'], text: string): Message => ({ role, content: [{ type: 'text', text }] })
  const opening: Message = { role: 'user', content: [{ type: 'text', text: 'I have a spot on my arm.' }, ...image] }
  const dialogue = [message('assistant', 'How long?'), message('user', heard), message('assistant', 'I see.')]
  return { system, messages: [opening, ...dialogue, message('user', CLOSING_QUESTION)], repeat: 0 }
}

async function held(id: string, arm: Arm, picture: Uint8Array): Promise<Transcript> {
  const rest = { images: showsImage(arm) ? [preparedOf(picture)] : [] }
  return converse(setupOf(modelOf(id), arm, rest))
}

describe.each(EMBEDDED_CLINICIANS)('$id', (model) => {
  test('says in its first reply that it is rules, and only there', async () => {
    for (const opening of ['I have a spot on my arm.', 'I have a cough. What should I do?', CLOSING_QUESTION]) {
      const first = requestOf(opening)
      expect((await say(model, first)).startsWith(RULES_ONLY)).toBe(true)
    }
    expect(await say(model, closing(null))).not.toContain(RULES_ONLY)
  })
  test('calls itself simulated, of the family embedded, free of cost', async () => {
    expect(model).toMatchObject({ simulated: true, family: 'embedded' })
    expect(await model.reply(requestOf('hi'), never)).toMatchObject({
      costUsd: 0,
      usage: NO_USAGE,
    })
  })
  test('goes by the request alone: equal requests get equal replies', async () => {
    const picture = await lopsidedPatch()
    const again = closing(Uint8Array.from(picture), `Be kind.\n\n${RECORD}`)
    expect(await say(model, closing(picture, `Be kind.\n\n${RECORD}`))).toBe(await say(model, again))
  })
  test('ends every conversation in every arm without a fault', async () => {
    for (const arm of Arm.options) {
      const { stop } = await held(model.id, arm, await roundSpot())
      expect(['plan_given', 'max_turns']).toContain(stop.reason)
    }
  })
  test('fails on a picture that does not decode, rather than pass it over', async () => {
    await expect(model.reply(closing(Uint8Array.of(1, 2, 3)), never)).rejects.toThrow()
  })
})

describe('embedded-careful', () => {
  const careful = modelOf('embedded-careful')

  test('asks before it advises, gives a plan, and closes with urgency, doubt, alternative and safety net', async () => {
    const { stop, turns } = await held('embedded-careful', 'full', await lopsidedPatch())
    expect(stop).toEqual({ reason: 'plan_given', detail: 'after 4 of at most 8 replies' })
    const advice = turns.at(-1)?.text ?? ''
    expect(readTriage(advice).level).toBe('soon_specialist')
    expect(readTriage(advice).safetyNet.length).toBeGreaterThan(0)
    expect(advice).toMatch(/I am not certain/)
  })
  test('asks first also when the patient opens with the question what to do', async () => {
    expect(await say(careful, requestOf('I have a cough. What should I do? What do you think this is?'))).toMatch(
      /How long has it/,
    )
  })
  test('advises otherwise on another picture, all else equal', async () => {
    const pictures = await Promise.all([lopsidedPatch(), roundSpot(), greyChest(), orangeDisc()])
    const advice = await Promise.all(pictures.map((picture) => say(careful, closing(picture))))
    expect(new Set(advice).size).toBe(pictures.length)
  })
  test('does not claim to have seen what was not sent', async () => {
    expect(await say(careful, closing(null))).toMatch(/^I have not seen it/)
    expect(await say(careful, closing(await roundSpot()))).not.toMatch(/not seen/)
  })
  test('advises otherwise on another record, all else equal', async () => {
    const picture = await roundSpot()
    const system = `Be kind.\n\n${RECORD}`
    const thinned = await say(careful, closing(picture, system))
    expect(thinned).toMatch(/blood thinner/)
    expect(await say(careful, closing(picture, system.replace('Apixaban', 'Latanoprost')))).not.toMatch(/blood thinner/)
    expect(await say(careful, closing(picture, 'Be kind.'))).not.toMatch(/blood thinner/)
  })
  test('uses what the patient tells of medicines, and not what the patient denies', async () => {
    const told = await say(careful, closing(null, 'Be kind.', 'I take warfarin.'))
    const denied = await say(careful, closing(null, 'Be kind.', 'I do not take warfarin.'))
    expect([told, denied].map((text) => /blood thinner/.test(text))).toEqual([true, false])
  })
  test('does not call a harmless look urgent because it names a biopsy', async () => {
    expect(readTriage(await say(careful, closing(await roundSpot()))).level).toBe('routine')
  })
})

describe('embedded-hasty', () => {
  test('asks nothing, is sure, and pays no heed to the record or the dialogue', async () => {
    const hasty = modelOf('embedded-hasty')
    const picture = await roundSpot()
    const advice = await say(hasty, closing(picture))
    expect(advice).toMatch(/definitely/)
    expect(await say(hasty, closing(picture, `Be kind.\n\n${RECORD}`, 'I take warfarin and it bleeds.'))).toBe(advice)
    expect((await held('embedded-hasty', 'full', picture)).stop.detail).toBe('after 1 of at most 8 replies')
  })
  test('takes a dark spot for melanoma and sends all else home', async () => {
    const hasty = modelOf('embedded-hasty')
    expect(readTriage(await say(hasty, closing(await lopsidedPatch()))).level).toBe('soon_specialist')
    const pale = await drawn(SKIN, '<circle cx="100" cy="100" r="30" fill="#b8866a"/>')
    for (const picture of [null, pale, await orangeDisc(), await greyChest()])
      expect(readTriage(await say(hasty, closing(picture))).level).toBe('self_care')
  })
})

describe('embedded-hedger', () => {
  test('never says how soon, never gives a plan, and says the same whatever it is shown', async () => {
    const transcripts = await Promise.all(
      [lopsidedPatch(), roundSpot()].flatMap(async (picture) =>
        Promise.all(Arm.options.map(async (arm) => held('embedded-hedger', arm, await picture))),
      ),
    )
    const said = transcripts.flat().map(({ stop, turns }) => {
      expect(stop.reason).toBe('max_turns')
      return turns.filter((turn) => turn.role === 'clinician').map((turn) => turn.text)
    })
    for (const texts of said) {
      expect(texts).toEqual(said[0])
      for (const text of texts) expect(readTriage(text).level).toBeNull()
    }
  })
})

describe('the revision', () => {
  /** Reads the revision of a copy of the sources, in a process of its own. */
  function revisionAfter(change: (root: string) => void): string {
    const root = mkdtempSync(join(tmpdir(), 'sources-'))
    for (const folder of ['cases', 'providers'])
      cpSync(join(ROOT, folder), join(root, folder), { recursive: true, filter: (from) => !/\b(bank|demo|images)$/.test(from) })
    cpSync(join(ROOT, 'package.json'), join(root, 'package.json'))
    symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'))
    change(root)
    const program = `import { EMBEDDED_CLINICIANS } from ${JSON.stringify(join(root, 'providers/models/embedded-clinicians.ts'))}
      console.log(EMBEDDED_CLINICIANS.map((model) => model.revision).join())`
    const printed = execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })
    rmSync(root, { recursive: true })
    return printed.trim()
  }
  const addTo = (file: string) => (root: string) => appendFileSync(join(root, file), '// another rule\n')

  test('is the same for the same sources, and another after a change of any file with rules', () => {
    const here = EMBEDDED_CLINICIANS.map((model) => model.revision).join()
    expect(revisionAfter(() => {})).toBe(here)
    expect(revisionAfter(addTo('providers/conversation.ts'))).toBe(here)
    const rules = ['embedded-clinicians', 'embedded-look', 'embedded-record'].map((name) => `providers/models/${name}.ts`)
    for (const file of [...rules, 'cases/phrase.ts']) expect(revisionAfter(addTo(file))).not.toBe(here)
  })
})
