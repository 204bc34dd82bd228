import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { undefinedWhenMissing } from './missing-file.ts'
import { writeWhole } from './write-whole.ts'

const LicenceEntry = z.strictObject({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  dataset: z.string(),
  recordId: z.string(),
  licence: z.string(),
  licenceUrl: z.string().nullable(),
  url: z.string().describe('where the image’s bytes come from'),
  attribution: z.string(),
  status: z.enum(['here', 'left_out_non_commercial', 'failed']),
  reason: z.string().optional().describe('why it failed'),
})

/** What `npm run fetch` writes to `licences.json` in the images folder: one entry for each distinct fetched image. */
export const Licences = z.array(LicenceEntry)
export type Licences = z.infer<typeof Licences>

const LICENCES_FILE = 'licences.json'

/**
 * Reads `licences.json` of an images folder.
 *
 * @returns an empty list when there is no such file
 * @throws Error naming the file when it is malformed
 */
export async function readLicences(dir: string): Promise<Licences> {
  const path = join(dir, LICENCES_FILE)
  const text = await readFile(path, 'utf8').catch(undefinedWhenMissing)
  if (text === undefined) return []
  try {
    const parsed = Licences.safeParse(JSON.parse(text))
    if (parsed.success) return parsed.data
    throw new Error(z.prettifyError(parsed.error))
  } catch (cause) {
    throw new Error(`${path}: requires the list that \`npm run fetch\` writes, got ${(cause as Error).message}`, { cause })
  }
}

/** Writes `licences.json` and, for people, `ATTRIBUTION.md` into an images folder, in place of earlier ones. */
export async function writeLicences(dir: string, licences: Licences): Promise<void> {
  await writeWhole(join(dir, LICENCES_FILE), `${JSON.stringify(licences, null, 2)}\n`)
  await writeWhole(join(dir, 'ATTRIBUTION.md'), attributionTable(licences))
}

/** The licence and attribution table of images in Markdown, one row an image. */
export function attributionTable(licences: Licences): string {
  const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ')
  const rows = licences.map(({ sha256, dataset, recordId, licence, licenceUrl, url, attribution, status }) =>
    [
      sha256.slice(0, 12),
      status,
      licenceUrl ? `[${licence}](${licenceUrl})` : licence,
      attribution,
      dataset,
      `[${recordId}](${url})`,
    ]
      .map(cell)
      .join(' | '),
  )
  const head = ['image (sha256)', 'status', 'licence', 'attribution', 'data set', 'record']
  const lines = [head.join(' | '), head.map(() => '---').join(' | '), ...rows].map((row) => `| ${row} |`)
  return `# Images: licences and attribution\n\nWritten by \`npm run fetch\`.\n\n${lines.join('\n')}\n`
}
