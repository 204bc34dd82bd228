import type { BankAbout } from './bank-file.ts'
import { distinctImages } from './croissant.ts'
import type { Case } from './schema.ts'

/** The attribution of a bank in Markdown: one line an image, with licence, source and the cases that use it. */
export function attributionText(cases: readonly Case[], about: BankAbout): string {
  const lines = distinctImages(cases).map(({ image, usedBy }) => {
    const { source, licence } = image
    const record =
      source.kind === 'fetched'
        ? `${source.dataset}, [${source.recordId}](${source.landingPage ?? source.url})`
        : `${source.kind}: ${source.file}`
    const terms = licence.url === null ? licence.id : `[${licence.id}](${licence.url})`
    return `- \`${image.sha256.slice(0, 12)}\` ${image.attribution}. Licence: ${terms}. Source: ${record}. Cases: ${usedBy.join(', ')}.`
  })
  return `# Attribution: the images of ${about.name}, version ${about.version}

Written by \`npm run metadata\`. What a model is shown is a copy: masked, cropped, scaled down and saved again as JPEG without metadata.

${lines.map((line) => line.replaceAll(/\s+/g, ' ').replaceAll('..', '.')).join('\n')}
`
}
