import { z } from 'zod'
import { missingKeys } from './models/keys.ts'

/** One column’s model as promptfoo holds it; `config` is read only as far as models are named in it. */
export interface ChosenModel {
  readonly name: string
  readonly config: unknown
}

const NamesModels = z.looseObject({ model: z.string(), patient: z.looseObject({ model: z.string().optional() }).optional() })

/**
 * The keys that the chosen models and their simulated patients need and the environment does not have, as one message that
 * also says how to run without them. Empty when none is missing.
 */
export function missingKeyFaults(chosen: readonly ChosenModel[], env = process.env): string[] {
  const missing = missingKeys(
    chosen.flatMap(({ config }) => modelsIn(config)),
    env,
  )
  if (missing.length === 0) return []
  const ready = chosen.filter(({ config }) => missingKeys(modelsIn(config), env).length === 0).map(({ name }) => name)
  const others = ready.length === 0 ? 'no other model of this line-up can run' : `--filter-providers '^(${ready.join('|')})$'`
  return [
    [
      `providers: the chosen models require keys in the environment, got none of these ${missing.length}:`,
      ...missing.map((line) => `  ${line}`),
      'No model was asked. Set them in the environment or in the file .env, or run without them:',
      `  only the models that have their key: ${others}`,
      '  no key at all: npm start, or -c promptfooconfig.offline.yaml',
    ].join('\n'),
  ]
}

/** The ids of the models that a column’s config names: the clinician’s, and that of its simulated patient; empty when it names none. */
export function modelsIn(config: unknown): string[] {
  const parsed = NamesModels.safeParse(config)
  if (!parsed.success) return []
  const { model, patient } = parsed.data
  return patient?.model === undefined ? [model] : [model, patient.model]
}
