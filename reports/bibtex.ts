import { type ReferenceKey, references } from './references.ts'

const HEAD = `% Sources that the words of this report cite. Check each entry before you print it.
% [AUTHORS: cite the image data sets of your bank; its cases name source and licence of every image.]
% [AUTHORS: cite the models under test as their makers ask.]
% Of IMCBench only the abstract is known to us: title and authors may be incomplete.
`

/** BibTeX entries of the sources with these keys, in the order given. No keys give the heading alone. */
export function bibtex(keys: readonly ReferenceKey[]): string {
  return `${HEAD}\n${keys.map(entry).join('\n')}`
}

function entry(key: ReferenceKey): string {
  const { type, fields } = references[key]
  const lines = Object.entries(fields).map(([name, value]) => `  ${name} = {${value}},`)
  return `@${type}{${key},\n${lines.join('\n')}\n}\n`
}
