import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { analyze } from '../../analysis/analyze.ts'
import { type ResultRow, readRows } from '../../analysis/results.ts'
import { rowContent } from '../../analysis/row-content.ts'
import { prepareImage } from '../../cases/images.ts'
import { type Bank, loadBank } from '../../cases/load.ts'
import { Dimension, type Grade } from '../../cases/verdict.ts'
import { type Peer, startPeer } from '../providers/models/peer.ts'
import { type PromptfooRun, runFolder, runPromptfoo } from './run-promptfoo.ts'

const KEYS = {
  ANTHROPIC_API_KEY: 'sk-ant-fake-0123456789abcdef',
  OPENAI_API_KEY: 'sk-fake-openai-0123456789abcdef',
  AWS_ACCESS_KEY_ID: 'FAKEACCESSKEYID01234',
  AWS_SECRET_ACCESS_KEY: 'fakeSecretAccessKey0123456789abcdef/+',
}
const JURORS = [
  { id: 'juror-claude', model: 'anthropic:claude-haiku-4-5' },
  { id: 'juror-gpt', model: 'openai:gpt-5-mini' },
  { id: 'juror-nova', model: 'bedrock:us.amazon.nova-pro-v1:0', settings: { region: 'us-east-1' }, sees: 'findings' },
]

type Chat = { readonly model?: string; readonly messages: unknown }

/** What a juror is asked, out of the request as the peer reads it. */
function askedIn({ messages }: Chat): { code: string; dimension: Dimension } {
  const text = JSON.stringify(messages)
  const [, code = ''] = /<<<conversation ([0-9a-f]{16})>>>/.exec(text) ?? []
  const [, dimension] = /\\"dimension\\":\\"(\w+)\\"/.exec(text) ?? []
  return { code, dimension: Dimension.parse(dimension) }
}

/** About three in ten, the same ones on every run. */
function abstains(code: string, dimension: Dimension): boolean {
  return Number.parseInt(code.slice(Dimension.options.indexOf(dimension), 5), 16) % 10 < 3
}

function verdict(code: string, score: number | 'cannot_judge'): string {
  const rest = {
    checklist: [],
    evidence: [{ turn: 't2', quote: 'never said' }],
    rationale: 'as asked',
    score,
    direction: 'balanced',
  }
  return JSON.stringify({ code, ...rest })
}

/** A peer of three vendors: one that judges, one that only talks, and one that abstains now and then. */
async function jurorsPeer(): Promise<Peer> {
  const peer = await startPeer()
  peer.mock.on({ model: /claude/ }, (request) => ({ content: verdict(askedIn(request as Chat).code, 4) }))
  peer.mock.on({ model: /gpt/ }, { content: 'I would say this deserves a score of 5 out of 5.' })
  peer.mock.on({ model: /nova/ }, (request) => {
    const { code, dimension } = askedIn(request as Chat)
    const reply = verdict(code, abstains(code, dimension) ? 'cannot_judge' : 2)
    return { toolCalls: [{ name: 'verdict', arguments: reply }] }
  })
  return peer
}

describe('a jury of three vendors’ models, one that only talks and one that abstains in three of ten cases', () => {
  let peer: Peer
  let bank: Bank
  let run: PromptfooRun
  let rows: ResultRow[]
  let grades: Grade[]

  beforeAll(async () => {
    const folder = await runFolder()
    ;[peer, bank] = await Promise.all([jurorsPeer(), loadBank('demo')])
    run = await runPromptfoo(folder, {
      config: (given) => ({
        ...given,
        extensions: ['file://assertions/before-eval.ts:beforeAll'],
        defaultTest: {
          options: { disableVarExpansion: true },
          assert: [{ type: 'javascript', value: 'file://assertions/jury.ts:jury', config: { jurors: JURORS } }],
        },
      }),
      args: ['--filter-prompts', '^full$'],
      env: {
        ...KEYS,
        ANTHROPIC_BASE_URL: peer.url,
        OPENAI_BASE_URL: `${peer.url}/v1`,
        AWS_ENDPOINT_URL_BEDROCK_RUNTIME: peer.url,
      },
    })
    rows = readRows(await run.results(), 'results.json')
    grades = rows.flatMap((row, i) => rowContent(row, `row ${i}`).grade ?? [])
  }, 240_000)
  afterAll(() => peer.stop())

  test('grades every conversation, with a vote of each juror on each dimension', () => {
    expect(run.code, run.output).toBe(0)
    expect(grades.length).toBe(rows.length)
    expect(rows.length).toBeGreaterThanOrEqual(bank.cases.length * 3)
    for (const { votes } of grades) {
      expect(votes).toHaveLength(9)
      expect(votes.map(({ juror }) => juror.saw)).toEqual(Array(3).fill(['image', 'image', 'findings']).flat())
    }
  })
  test('scores a dimension only when two jurors gave a verdict, and takes their mean', () => {
    let [scored, missing] = [0, 0]
    for (const { votes, pooled, caps } of grades)
      for (const dimension of Dimension.options) {
        const nova = votes.find((vote) => vote.juror.id === 'juror-nova' && vote.dimension === dimension)
        const { mean, missing: reason } = pooled[dimension]
        if (nova?.kind === 'verdict') {
          scored++
          if (caps.length === 0 || dimension !== 'safety') expect(mean).toBe(3)
        } else {
          missing++
          expect(mean).toBeNull()
          expect(reason).toBe('1 of 3 jurors, 2 needed (juror-gpt: unparsable; juror-nova: cannot_judge)')
        }
      }
    expect(scored).toBeGreaterThan(0)
    expect(missing).toBeGreaterThan(0)
  })
  test('asks a juror that only talks three times, and never reads the number in its prose', () => {
    const spoken = grades.flatMap(({ votes }) => votes.filter((vote) => vote.juror.id === 'juror-gpt'))
    expect(new Set(spoken.map((vote) => (vote.kind === 'abstention' ? vote.reason : vote.kind)))).toEqual(new Set(['unparsable']))
    const made = new Set(peer.wire.filter(({ body }) => body?.model === 'gpt-5-mini').map(({ body }) => JSON.stringify(body)))
    const asked = peer.wire.filter(({ body }) => body?.model === 'gpt-5-mini')
    // Conversations that are equal to the letter are asked about once; each question three times.
    expect(asked.length).toBe(3 * made.size)
  })
  test('marks quotes that nobody said', () => {
    const quotes = grades.flatMap(({ votes }) => votes.flatMap((vote) => (vote.kind === 'verdict' ? vote.evidence : [])))
    expect(quotes.length).toBeGreaterThan(0)
    expect(quotes.every(({ verified }) => !verified)).toBe(true)
  })
  test('counts every abstention with its juror and reason in the estimates', () => {
    const { estimates } = analyze(rows, 'results.json')
    const counted = estimates.jury.jurors.map(({ juror, nAbstentions }) => [juror, nAbstentions] as const)
    const of = (id: string) =>
      grades.flatMap(({ votes }) => votes).filter((vote) => vote.juror.id === id && vote.kind === 'abstention').length
    for (const { id } of JURORS)
      expect(counted.filter(([juror]) => juror === id).reduce((sum, [, count]) => sum + count, 0)).toBe(of(id))
    expect(estimates.exclusions.some(({ reason }) => reason.includes('juror-nova: cannot_judge'))).toBe(true)
  })
  test('shows the picture to the jurors that see and the findings to the one that does not', async () => {
    const pictures = await Promise.all(bank.cases.flatMap((one) => one.images.map((image) => prepareImage(image, bank.dir))))
    const encoded = pictures.map(({ bytes }) => Buffer.from(bytes).toString('base64'))
    const findings = bank.cases.flatMap((one) => one.images.map((image) => JSON.stringify(image.findings).slice(1, -1)))
    for (const { body } of peer.wire) {
      const text = JSON.stringify(body)
      const sees = body?.model !== undefined
      expect(encoded.some((picture) => text.includes(picture))).toBe(sees)
      const plain = text.replaceAll('\\\\', '\\').replaceAll('\\"', '"')
      expect(findings.some((words) => plain.includes(words.replaceAll('\\"', '"').slice(0, 60)))).toBe(!sees)
    }
  })
  test('names the jurors’ tokens, cost and calls beside the votes', () => {
    for (const { spent } of grades) {
      expect(spent.map(({ juror }) => juror)).toEqual(JURORS.map(({ id }) => id))
      expect(spent[1]?.calls.made ?? 0).toBeLessThanOrEqual(9)
    }
  })
})
