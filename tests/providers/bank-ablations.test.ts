import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { CallApiContextParams } from 'promptfoo'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { checklist } from '../../assertions/checklist.ts'
import { jurorView } from '../../assertions/reference.ts'
import { type Bank, loadBank } from '../../cases/load.ts'
import type { Arm } from '../../cases/schema.ts'
import { generateTests } from '../../cases/tests.ts'
import { Transcript } from '../../cases/transcript.ts'
import Clinician from '../../providers/clinician.ts'
import prompt from '../../providers/prompt.ts'
import { storeFolder } from './models.ts'

const SHARED = join(import.meta.dirname, '../../../shared/images/sources')
const images = [process.env.IMCBENCH_IMAGES, SHARED].find((folder) => folder !== undefined && existsSync(folder))
const ADVICE = ['must_do', 'hazard', 'diagnosis', 'cannot_miss']

/** What plain rules read out of the advice of each case: urgency, the idea that leads, dangers named and acts advised. */
async function adviceIn(bank: Bank, tests: Awaited<ReturnType<typeof generateTests>>, arm: Arm): Promise<string[]> {
  const clinician = new Clinician({ config: { model: 'embedded-careful' } })
  return Promise.all(
    bank.cases.map(async (one) => {
      const own = tests.find(({ description }) => description === one.id)
      const context = { vars: {}, prompt: { raw: '', label: arm }, test: own } as unknown as CallApiContextParams
      const { metadata } = await clinician.callApi(prompt(), context)
      const { items, triage } = checklist(jurorView(one, Transcript.parse(metadata?.transcript)))
      const met = items.filter((item) => item.met === true && ADVICE.includes(item.group)).map(({ id }) => id)
      return JSON.stringify([triage.advised, met])
    }),
  )
}

describe.skipIf(images === undefined)(`the bank${images === undefined ? ' (SKIPPED: its images are not here)' : ''}`, () => {
  let bank: Bank
  let tests: Awaited<ReturnType<typeof generateTests>>
  let full: string[]
  beforeAll(async () => {
    vi.stubEnv('IMCBENCH_IMAGES', images)
    vi.stubEnv('IMCBENCH_STORE', await storeFolder())
    vi.stubEnv('IMCBENCH_BANK', '')
    bank = await loadBank('bank')
    tests = await generateTests({ bank: 'bank' })
    full = await adviceIn(bank, tests, 'full')
    return () => vi.unstubAllEnvs()
  }, 120_000)

  test.each(['no-image', 'no-ehr'] as const)(
    'in arm %s the clinician that reads pictures and records advises otherwise in a third of the cases or more',
    async (arm) => {
      const without = await adviceIn(bank, tests, arm)
      const changed = full.filter((advice, i) => advice !== without[i]).length
      expect(changed / bank.cases.length).toBeGreaterThanOrEqual(1 / 3)
    },
    120_000,
  )
})
