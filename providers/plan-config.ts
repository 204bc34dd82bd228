import { load } from 'js-yaml'
import { z } from 'zod'
import { Arm } from '../cases/schema.ts'
import type { Vendor } from './models/capabilities.ts'
import { modelOf } from './models/registry.ts'
import { Effort } from './models/settings.ts'
import type { AskedModel } from './plan-tokens.ts'
import type { PlannedJuror, PlannedModel } from './planned.ts'

const Settings = z
  .looseObject({ effort: Effort.optional(), serviceTier: z.string().optional(), baseUrl: z.string().optional() })
  .default({})
const ClinicianConfig = z.looseObject({
  model: z.string(),
  maxTurns: z.int().min(1).default(8),
  settings: Settings,
  patient: z.looseObject({ model: z.string().optional(), settings: Settings }).default({ settings: {} }),
})
const JurorConfig = z.looseObject({
  id: z.string(),
  model: z.string(),
  settings: Settings,
  sees: z.enum(['image', 'findings']).default('image'),
})
const Options = z.looseObject({ id: z.string().optional(), label: z.string().optional(), config: ClinicianConfig })
const TestsEntry = z.looseObject({
  config: z.looseObject({ bank: z.string().optional(), repeats: z.int().min(1).default(1) }).default({ repeats: 1 }),
})
const ConfigFile = z.looseObject({
  providers: z.array(z.union([Options.required({ id: true }), z.record(z.string(), Options)])).min(1),
  prompts: z.array(z.looseObject({ label: Arm })).min(1),
  tests: z.union([
    TestsEntry,
    z
      .array(TestsEntry)
      .length(1)
      .transform(([one]) => one as z.infer<typeof TestsEntry>),
  ]),
  defaultTest: z
    .looseObject({
      assert: z
        .array(
          z.looseObject({
            config: z.looseObject({ jurors: z.array(z.union([z.string(), JurorConfig])).default([]) }).optional(),
          }),
        )
        .default([]),
    })
    .optional(),
})

/** What a plan needs of a promptfoo configuration. */
export interface PlannedConfig {
  readonly models: readonly PlannedModel[]
  readonly arms: readonly Arm[]
  readonly bank: string | undefined
  readonly repeats: number
  /** Jurors that are models; embedded ones cost nothing. */
  readonly jurors: readonly PlannedJuror[]
}

/**
 * The line-up of a promptfoo configuration in the form that this project’s own files have.
 *
 * @param file named in errors
 * @param only a regular expression on label or id, as promptfoo’s `--filter-providers`
 * @throws Error that names field and value for another form, an unknown model, and a filter that leaves no model
 */
export function plannedConfig(text: string, file: string, only = ''): PlannedConfig {
  const parsed = ConfigFile.safeParse(load(text))
  if (!parsed.success)
    throw new Error(`${file}: requires a line-up as in promptfooconfig.yaml, got\n${z.prettifyError(parsed.error)}`)
  const { providers, prompts, tests, defaultTest } = parsed.data
  const all = providers.flatMap((entry) => (isOptions(entry) ? [entry] : Object.values(entry)))
  const chosen = all.filter(({ id, label }) => [id, label].some((name) => new RegExp(only).test(name ?? '')))
  if (chosen.length === 0) throw new Error(`--filter-providers requires a label or id of ${file}, got ${only}`)
  const jurors = (defaultTest?.assert ?? []).flatMap(({ config }) => config?.jurors ?? [])
  return {
    models: chosen.map(({ id, label, config }) => plannedModel(label ?? id ?? config.model, config)),
    arms: prompts.map(({ label }) => label),
    bank: tests.config.bank,
    repeats: tests.config.repeats,
    jurors: jurors.flatMap(plannedJuror),
  }
}

function isOptions(entry: z.infer<typeof ConfigFile>['providers'][number]): entry is z.infer<typeof Options> & { id: string } {
  return Options.safeParse(entry).success
}

const VENDORS: readonly Vendor[] = ['anthropic', 'openai', 'bedrock', 'compatible']

function plannedModel(label: string, { model, maxTurns, settings, patient }: z.infer<typeof ClinicianConfig>): PlannedModel {
  const speaker =
    patient.model === undefined ? undefined : askedModel(`patient ${patient.model}`, patient.model, patient.settings)
  return { ...askedModel(label, model, settings), maxTurns, patient: speaker }
}

function plannedJuror(juror: string | z.infer<typeof JurorConfig>): PlannedJuror[] {
  const { id, model, settings, sees } = typeof juror === 'string' ? JurorConfig.parse({ id: juror, model: juror }) : juror
  return model.startsWith('embedded-') ? [] : [{ ...askedModel(`juror ${id}`, model, settings), sees }]
}

function askedModel(label: string, model: string, { effort, serviceTier, baseUrl }: z.infer<typeof Settings>): AskedModel {
  const vendor = VENDORS.find((one) => model.startsWith(`${one}:`))
  // An embedded model, or an error that names the known ones. A compatible server’s address may be a template as yet.
  if (vendor !== 'compatible') modelOf(model)
  const name = vendor === undefined ? model : model.slice(vendor.length + 1)
  return { label, id: model, vendor, name, effort, flex: serviceTier === 'flex', baseUrl }
}
