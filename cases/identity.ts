import { z } from 'zod'
import { Image, Patient, Truth } from './schema.ts'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** Which bank a case comes from; the hash covers the text of every case file in it. */
export const BankIdentity = z.strictObject({
  name: z.string(),
  version: z.string().optional().describe('from the bank’s own bank.yaml, when it has one'),
  sha256,
  cases: z.int().min(1),
  images: z.int().min(1),
})
export type BankIdentity = z.infer<typeof BankIdentity>

/**
 * What is known of a trial before any model is asked. It travels in the promptfoo test's metadata under `imcbench`,
 * so that also a failed cell says which case and strata it belongs to.
 */
export const TrialIdentity = z.strictObject({
  bank: BankIdentity,
  caseId: z.string(),
  caseVersion: z.int().min(1),
  repeat: z.int().min(0),
  image: sha256.describe('the first image’s source sha256: cases that share it form one cluster'),
  drawnImages: z.int().min(0).describe('how many of the case’s images are drawn illustrations'),
  neoplasm: Truth.shape.neoplasm,
  rarity: Truth.shape.rarity.shape.class,
  acceptableTriage: Truth.shape.triage.shape.acceptable,
  patient: Patient.pick({ ageYears: true, sexAtBirth: true, skinTone: true }),
  modalities: z.array(Image.shape.modality).min(1).describe('one for each image of the case, in order'),
  expected: z.strictObject({
    images: z
      .array(sha256)
      .describe('sha256 of the prepared bytes that arms with an image must send; empty when the images are not here'),
    wrongImages: z
      .array(sha256)
      .optional()
      .describe(
        'sha256 of the prepared bytes that arm wrong-image must send; absent when the bank has no image that fits, and in runs from before that arm',
      ),
    ehr: sha256.describe('sha256 of the rendered record that arms with a record must send'),
  }),
})
export type TrialIdentity = z.infer<typeof TrialIdentity>
