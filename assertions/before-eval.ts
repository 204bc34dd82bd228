import { z } from 'zod'
import { Arm } from '../cases/schema.ts'
import { storeDir } from '../providers/ask.ts'
import { missingKeyFaults, modelsIn } from '../providers/line-up.ts'
import { familyOf } from '../providers/models/capabilities.ts'
import { missingKeys } from '../providers/models/keys.ts'
import { replyStore } from '../providers/reply-store.ts'
import { sharedParts } from '../providers/shared.ts'
import type { Juror } from './juror.ts'
import { calibrationOf, JuryConfig } from './jury-config.ts'

/** What the check reads of promptfoo’s test suite. */
export interface LineUp {
  readonly providers: readonly { readonly label?: string; readonly id: () => string; readonly config?: unknown }[]
  readonly prompts: readonly { readonly label?: string }[]
  readonly tests?: readonly unknown[]
  readonly defaultTest?: unknown
}

const Jury = z.looseObject({ assert: z.array(z.looseObject({ value: z.unknown(), config: z.unknown() })) })

/**
 * promptfoo’s hook before a run: ends it before the first model call when the line-up could only come to nothing.
 */
export async function beforeAll(context: { readonly suite: LineUp }): Promise<void> {
  const faults = [
    ...lineUpFaults(context.suite),
    ...(await calibrationFaults(context.suite)),
    ...keyFaults(context.suite),
    ...(await storeFaults(storeDir())),
  ]
  if (faults.length === 0) {
    for (const line of kinshipWarnings(context.suite)) process.stderr.write(`${line}\n`)
    return
  }
  process.stderr.write(`\n${faults.join('\n')}\n`)
  // promptfoo would wrap a thrown error in its own stack; nothing has been asked or written yet.
  process.exit(1)
}

/**
 * What in a line-up makes trials impossible to tell apart or to judge: an unknown or repeated arm, a model label used
 * twice, no case, or a jury that cannot sit. One line a fault; empty when there is none.
 */
export function lineUpFaults({ providers, prompts, tests, defaultTest }: LineUp): string[] {
  const arms = prompts.map((prompt) => prompt.label ?? '')
  const models = providers.map((provider) => provider.label || provider.id())
  return [
    ...arms
      .filter((arm) => !Arm.safeParse(arm).success)
      .map((arm) => `prompts: label: requires one of ${Arm.options.join(', ')}, got ${JSON.stringify(arm)}`),
    ...repeated(arms).map((arm) => `prompts: label: requires each arm once, got ${arm} twice`),
    ...repeated(models).map((model) => `providers: label: requires a label of its own for each model, got ${model} twice`),
    ...(tests?.length === 0 ? ['tests: requires at least one case, got none; does a filter leave one?'] : []),
    ...juryConfigs(defaultTest).flatMap((config) => {
      const parsed = JuryConfig.safeParse(config)
      return parsed.success ? [] : [`defaultTest.assert.config: ${z.prettifyError(parsed.error)}`]
    }),
  ]
}

/**
 * A line for each juror that is of the family of a model under test: it may judge its own kin more kindly. Embedded rules
 * are left out. Empty when there is none.
 */
export function kinshipWarnings({ providers, defaultTest }: LineUp): string[] {
  const models = providers.flatMap(({ label, id, config }) =>
    modelsIn(config).map((model) => ({ name: label || id(), family: familyOf(nameAtVendor(model)) })),
  )
  return jurorsOf(defaultTest).flatMap(({ id, model }) => {
    const kin = models.filter(({ family }) => model.family === family && model.family !== 'embedded').map(({ name }) => name)
    if (kin.length === 0) return []
    return [
      `jury: ${id} is of the family of ${kin.join(', ')} (${model.family}) and may favour it; the report also gives scores without own-family jurors`,
    ]
  })
}

/** One line for each calibration that cannot be read or is of another jury than the one that names it. */
export async function calibrationFaults({ defaultTest }: Pick<LineUp, 'defaultTest'>): Promise<string[]> {
  const configs = juryConfigs(defaultTest).flatMap((config) => JuryConfig.safeParse(config).data ?? [])
  const faults = configs.map(async (config) => {
    try {
      await calibrationOf(config)
      return []
    } catch (error) {
      return [`defaultTest.assert.config.calibration: ${error instanceof Error ? error.message : String(error)}`]
    }
  })
  return (await Promise.all(faults)).flat()
}

/** The configurations of the jury in promptfoo's `defaultTest`, as they stand there; empty when there is none. */
export function juryConfigs(defaultTest: unknown): unknown[] {
  const jury = Jury.safeParse(defaultTest)
  if (!jury.success) return []
  return jury.data.assert.filter((one) => String(one.value).endsWith('jury.ts:jury')).map(({ config }) => config)
}

function jurorsOf(defaultTest: unknown): readonly Juror[] {
  return juryConfigs(defaultTest).flatMap((config) => {
    const parsed = JuryConfig.safeParse(config)
    return parsed.success ? parsed.data.jurors : []
  })
}

function keyFaults({ providers, defaultTest }: LineUp): string[] {
  const missing = missingKeys(jurorsOf(defaultTest).map(({ model }) => model.id))
  return [
    ...missingKeyFaults(providers.map(({ label, id, config }) => ({ name: label || id(), config }))),
    ...(missing.length === 0
      ? []
      : [
          [
            `defaultTest.assert.config.jurors: the jurors require keys in the environment, got none of these ${missing.length}:`,
            ...missing.map((line) => `  ${line}`),
            'No model was asked. Set them, or name other jurors; embedded ones (embedded-lenient, -middle, -strict) need no key and judge nothing but the pipeline.',
          ].join('\n'),
        ]),
  ]
}

async function storeFaults(dir: string): Promise<string[]> {
  try {
    if ((await sharedParts()) !== undefined) return []
  } catch (error) {
    return [(error as Error).message]
  }
  try {
    replyStore(dir).get('')
    return []
  } catch (error) {
    return [`reply store requires a folder to read and write, got ${dir}: ${(error as Error).message}`]
  }
}

function repeated(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, i) => names.indexOf(name) !== i))]
}

function nameAtVendor(model: string): string {
  return model.slice(model.indexOf(':') + 1)
}
