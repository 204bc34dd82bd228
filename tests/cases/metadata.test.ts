import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import jsonld from 'jsonld'
import { afterEach, describe, expect, test } from 'vitest'
import { BankAbout } from '../../cases/bank-file.ts'
import { croissantOf } from '../../cases/croissant.ts'
import { dataCard } from '../../cases/data-card.ts'
import { loadBank } from '../../cases/load.ts'
import { metadataOf } from '../../cases/metadata.ts'
import { sha256Of } from '../../cases/sha256.ts'
import { aCase } from './a-case.ts'

const SC = 'http://schema.org/'
const CR = 'http://mlcommons.org/croissant/'
const DCT = 'http://purl.org/dc/terms/'
const RAI = `${CR}RAI/`

const made: string[] = []
afterEach(() => Promise.all(made.splice(0).map((dir) => rm(dir, { recursive: true }))))

async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'imcbench-metadata-'))
  made.push(dir)
  return dir
}

const about: BankAbout = BankAbout.parse({
  ...{ name: 'test bank', version: '1.2.3', description: 'For the tests.', url: 'DATA-CARD.md', creator: 'nobody' },
  ...{ licence: { id: 'CC0-1.0', url: 'https://creativecommons.org/publicdomain/zero/1.0/' }, keywords: ['test'] },
  ...{ published: '2026-11-22', changelog: [{ version: '1.2.3', date: '2026-11-22', changes: ['made'] }] },
})

/** Expanded without a network: asking for a context fails the test. */
async function expanded(document: object) {
  const documentLoader = async (url: string): Promise<never> => {
    throw new Error(`the expansion requires no document, got a request for ${url}`)
  }
  const [node] = await jsonld.expand(document, { base: 'https://bank.example/croissant.json', documentLoader })
  return node as Record<string, Record<string, unknown>[]>
}

const values = (property: Record<string, unknown>[] | undefined) => property?.map((each) => each['@value'] ?? each['@id'])

describe('the metadata of the bank', async () => {
  const bank = await loadBank('bank')
  const wanted = await metadataOf(bank)

  test.each(Object.keys(wanted))('%s is what npm run metadata would write now', async (file) => {
    expect(await readFile(join(bank.dir, file), 'utf8')).toBe(wanted[file])
  })
  test('none of the files names a place on a machine', async () => {
    for (const text of Object.values(wanted)) expect(text).not.toMatch(/\/(?:work|root|tmp|home|Users)\//)
  })
  test('the data card says that no clinician has reviewed the cases', () => {
    expect(wanted['DATA-CARD.md']).toContain('**No clinician has reviewed any of these cases.**')
  })
  test('each image has one line in the attribution, with its own words, its licence and every case that uses it', () => {
    const lines = wanted['ATTRIBUTION.md']?.split('\n').filter((line) => line.startsWith('- ')) ?? []
    expect(lines).toHaveLength(new Set(bank.cases.flatMap(({ images }) => images.map(({ sha256 }) => sha256))).size)
    for (const one of bank.cases)
      for (const image of one.images) {
        const line = lines.find((each) => each.includes(image.sha256.slice(0, 12))) ?? ''
        expect(line.split('Cases: ')[1]?.replace(/\.$/, '').split(', ')).toContain(one.id)
        expect(line).toContain(image.licence.id)
        expect(line).toContain(image.attribution.replaceAll(/\s+/g, ' '))
      }
  })

  describe('croissant.json, expanded as JSON-LD', async () => {
    const document = JSON.parse(wanted['croissant.json'] ?? '')
    const node = await expanded(document)

    test('it has every property that Croissant 1.1 requires of a data set', () => {
      expect(node['@type']).toEqual([`${SC}Dataset`])
      expect(values(node[`${DCT}conformsTo`])).toContain('http://mlcommons.org/croissant/1.1')
      for (const property of ['name', 'description', 'license', 'url', 'creator', 'datePublished', 'distribution'])
        expect(node[`${SC}${property}`]?.length, property).toBeGreaterThan(0)
      for (const property of ['name', 'description', 'url', 'datePublished', 'version'])
        expect(node[`${SC}${property}`], property).toHaveLength(1)
      expect(node[`${SC}creator`]?.[0]?.['@type']).toEqual([`${SC}Organization`])
    })
    test('no key is lost in expansion: each has a meaning in schema.org, Croissant, RAI or Dublin Core', () => {
      const keys = (value: unknown): string[] =>
        Array.isArray(value)
          ? value.flatMap(keys)
          : typeof value === 'object' && value !== null
            ? Object.entries(value).flatMap(([key, inner]) => [key, ...(key === `${CR}data` ? [] : keys(inner))])
            : []
      const known = ['@', SC, CR, RAI, DCT]
      expect(keys(node).filter((key) => !known.some((prefix) => key.startsWith(prefix)))).toEqual([])
      const written = Object.keys(document).filter((key) => !key.startsWith('@'))
      expect(Object.keys(node).filter((key) => !key.startsWith('@'))).toHaveLength(written.length)
    })
    test('every file has a type, an id of its own, an address, a format, a licence and a sha256; those of cases are right', async () => {
      const files = node[`${SC}distribution`] ?? []
      expect(new Set(files.map((file) => file['@id'])).size).toBe(files.length)
      for (const file of files) {
        expect(file['@type']).toEqual([`${CR}FileObject`])
        for (const property of ['name', 'contentUrl', 'contentSize', 'encodingFormat', 'license', 'sha256'])
          expect(file[`${SC}${property}`], `${file['@id']} ${property}`).toHaveLength(1)
      }
      for (const { contentUrl, encodingFormat, sha256 } of document.distribution)
        if (encodingFormat === 'application/yaml') expect(sha256Of(await readFile(join(bank.dir, contentUrl)))).toBe(sha256)
    })
    test('every record has a value for every field, and names only files that are there', () => {
      const [records] = document.recordSet
      const fields = records.field.map((field: { '@id': string }) => field['@id'])
      const files = document.distribution.map((file: { '@id': string }) => file['@id'])
      expect(records.data).toHaveLength(bank.cases.length)
      for (const record of records.data) {
        expect(Object.keys(record)).toEqual(fields)
        expect(files).toEqual(expect.arrayContaining([record['cases/file'], ...record['cases/images']]))
      }
      expect(new Set(records.data.map((record: Record<string, string>) => record['cases/id'])).size).toBe(bank.cases.length)
    })
    test('it does not say what any case’s diagnosis is', () => {
      const text = JSON.stringify(document.recordSet).toLowerCase()
      for (const { truth } of bank.cases) expect(text).not.toContain(truth.primary.name.toLowerCase())
    })
  })
})

describe('croissantOf', () => {
  const files = [{ id: 'nose-bump', file: 'nose-bump.yaml', sha256: 'b'.repeat(64), bytes: 12 }]
  test('an image that two cases share is one file, and both records name it', () => {
    const twin = { ...aCase(), id: 'twin' }
    const { distribution, recordSet } = croissantOf([aCase(), twin], about, [
      ...files,
      { ...files[0], id: 'twin', file: 'twin.yaml' } as never,
    ])
    expect(distribution).toHaveLength(3)
    expect(recordSet[0]?.data.map((record) => record['cases/images'])).toEqual([
      ['image-aaaaaaaaaaaaaaaa'],
      ['image-aaaaaaaaaaaaaaaa'],
    ])
  })
  test('reviewed cases are counted in words', () => {
    const reviewed = { ...aCase(), id: 'second', status: 'reviewed' as const }
    expect(croissantOf([aCase(), reviewed], about, files).description).toContain('A clinician has reviewed 1 of 2 cases.')
  })
})

describe('dataCard', () => {
  const card = dataCard([aCase()], about, 'c'.repeat(64), undefined)
  test('what people wrote between the marks stays when the rest is written anew', () => {
    const written = card.replace('Say here who wrote the cases, from what, and how they were read through.', 'By hand.')
    const anew = dataCard([aCase(), { ...aCase(), id: 'second' }], about, 'd'.repeat(64), written)
    expect(anew).toContain('By hand.')
    expect(anew).toContain('| malignant | 0 (0) | 2 (1) | 0 (0) |')
    expect(dataCard([aCase()], about, 'c'.repeat(64), written)).toBe(written)
  })
  test('a card that has lost a mark is refused', () => {
    expect(() => dataCard([aCase()], about, 'c'.repeat(64), card.replace('end -->', ''))).toThrow('requires the marks')
  })
  test('depth is told as least, median and most', () => {
    const short = { ...aCase(), facts: aCase().facts.slice(0, 2) }
    expect(dataCard([aCase(), short], about, 'c'.repeat(64), undefined)).toContain('| facts | 2 | 3.5 | 5 |')
  })
})

describe('bank.yaml', () => {
  test('its words come with the bank and do not change its hash', async () => {
    const dir = await folder()
    await writeFile(join(dir, 'nose-bump.yaml'), JSON.stringify(aCase()))
    const other = await folder()
    await cp(dir, other, { recursive: true })
    await writeFile(join(other, 'bank.yaml'), JSON.stringify(about))
    const [bare, named] = await Promise.all([loadBank(dir), loadBank(other)])
    expect([bare.about, named.about]).toEqual([undefined, about])
    expect(named.sha256).toBe(bare.sha256)
    await expect(metadataOf(bare)).rejects.toThrow('metadata requires a bank.yaml')
  })
  test.each([
    [
      'a version that is not the latest of the changelog',
      { ...about, version: '2.0.0' },
      'version: must be the version of the first entry',
    ],
    ['a version that is no number', { ...about, version: 'latest' }, 'version: must be MAJOR.MINOR.PATCH'],
    ['an unknown field', { ...about, owner: 'me' }, 'owner'],
    ['broken YAML', '{', 'requires well-formed YAML'],
  ])('%s is refused with the file’s name', async (_, content, told) => {
    const dir = await folder()
    await writeFile(join(dir, 'nose-bump.yaml'), JSON.stringify(aCase()))
    await writeFile(join(dir, 'bank.yaml'), typeof content === 'string' ? content : JSON.stringify(content))
    await expect(loadBank(dir)).rejects.toThrow(/bank\.yaml: /)
    await expect(loadBank(dir)).rejects.toThrow(told)
  })
})
