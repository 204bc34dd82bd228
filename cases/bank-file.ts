import { z } from 'zod'

/** The name of the file beside the cases that says what bank they are. A bank of one's own need not have it. */
export const BANK_FILE = 'bank.yaml'

const text = z.string().trim().min(1)
const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a date as YYYY-MM-DD, in quotes')
const version = z
  .string()
  .regex(/^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/, 'must be MAJOR.MINOR.PATCH, in quotes')
  .describe('MAJOR: results are no longer comparable; MINOR: cases were added; PATCH: words that no party of a trial sees')

/** What a bank says of itself; the cases say the rest. */
export const BankAbout = z
  .strictObject({
    name: text.describe('the name by which data sets are cited'),
    version,
    description: text,
    url: text.describe('where the bank is described; may be relative to the folder'),
    creator: text,
    licence: z.strictObject({ id: text, url: z.url() }).describe('of the case files; each image has its own'),
    keywords: z.array(text).min(1),
    published: date,
    changelog: z
      .array(z.strictObject({ version, date, changes: z.array(text).min(1) }))
      .min(1)
      .describe('the latest first'),
  })
  .refine((about) => about.changelog[0]?.version === about.version, {
    path: ['version'],
    message: 'must be the version of the first entry of the changelog',
  })
export type BankAbout = z.infer<typeof BankAbout>
