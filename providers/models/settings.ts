import { z } from 'zod'

/** How much a model is to reason before it answers; `none` switches reasoning off. */
export const Effort = z.enum(['none', 'minimal', 'low', 'medium', 'high'])
export type Effort = z.infer<typeof Effort>

/**
 * Settings of a hosted or local model, as they stand in promptfooconfig.yaml. All are optional. A setting that the model
 * does not take is not sent and is named in the reply’s `notSent`. Keys are never settings; they come from the environment.
 */
export const Settings = z.strictObject({
  maxOutputTokens: z.int().min(1).optional().describe('most tokens of one reply; reasoning counts where the vendor counts it'),
  temperature: z.number().min(0).max(2).optional(),
  effort: Effort.optional(),
  serviceTier: z.enum(['flex', 'standard']).optional().describe('flex: about half the price, slower, refused under load'),
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .refine(holdsNoSecret, 'requires an address without user name, password or query, since it may be printed')
    .optional()
    .describe('address of a compatible server, a gateway or a test peer'),
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'requires an AWS region such as us-east-1')
    .optional()
    .describe('AWS region, for bedrock; otherwise AWS_REGION or the profile’s'),
  limits: z.strictObject({ requestsPerMinute: z.int().min(1).optional(), tokensPerMinute: z.int().min(1).optional() }).optional(),
  timeoutSeconds: z.number().positive().max(86_400).optional().describe('for one call; 900 when not given'),
})
export type Settings = z.infer<typeof Settings>

function holdsNoSecret(address: string): boolean {
  const url = URL.parse(address)
  return url !== null && url.username === '' && url.password === '' && url.search === ''
}
