import { appendFile, cp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { Estimates } from '../../analysis/estimate.ts'
import { generateTests } from '../../cases/tests.ts'
import { collectShards } from '../../deploy/collect.ts'
import { plannedShards } from '../../deploy/run.ts'
import { runShard } from '../../deploy/run-shard.ts'
import { ShardManifest, shardDir } from '../../deploy/shard-folder.ts'
import { collected, type Farm, newFarm, run, small, unsharded } from './farm.ts'

describe('the tests of a shard', () => {
  const descriptions = async (places: string) => {
    process.env.IMCBENCH_TESTS = places
    try {
      return (await generateTests({ bank: 'demo', repeats: 2 })).map(({ description }) => description)
    } finally {
      delete process.env.IMCBENCH_TESTS
    }
  }
  test('are those of the whole list at their places, in its order', async () => {
    const all = (await generateTests({ bank: 'demo', repeats: 2 })).map(({ description }) => description)
    expect(all).toHaveLength(16)
    expect(await descriptions('9,0,15')).toEqual([all[0], all[9], all[15]])
    expect(await descriptions('')).toEqual(all)
  })
  test.each(['16', '-1', '1,x', '1,,2', '0.5'])('are refused at the places %s', async (places) => {
    await expect(descriptions(places)).rejects.toThrow(
      `IMCBENCH_TESTS requires whole numbers from 0 to 15 with commas between them, got ${places}`,
    )
  })
})

describe('a run in two shards, as plain processes without Redis', () => {
  let farm: Farm
  const shard = (number: number, name = 'a', shards = 2) =>
    run(farm, 'shard', '--run', name, '--shard', `${number}`, '--shards', `${shards}`, '-c', farm.config, '--out', farm.out)
  const changed = async (name: string, change: (dir: string) => Promise<unknown>) => {
    const dir = join(farm.dir, name)
    await cp(join(farm.out, 'a'), dir, { recursive: true })
    await change(shardDir(dir, 1))
    return collectShards(dir)
  }
  const manifestOf = async (dir: string) => ShardManifest.parse(JSON.parse(await readFile(join(dir, 'shard.json'), 'utf8')))

  beforeAll(async () => {
    farm = await newFarm('promptfooconfig.offline.yaml', small)
    const [first, second] = await Promise.all([shard(0), shard(1)])
    expect(first?.code, first?.output).toBe(0)
    expect(second?.code, second?.output).toBe(0)
  }, 60_000)

  test('gives the same estimates as one run without shards, to the byte', async () => {
    expect((await collected(farm, 'a')).estimates).toBe(await unsharded(farm))
  }, 60_000)

  test('is planned the same everywhere, with every test in one shard', async () => {
    const plan = await plannedShards({ name: 'a', config: farm.config, shards: 2 })
    expect(plan.places.flat().toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    expect(plan.places).toEqual([
      (await manifestOf(shardDir(join(farm.out, 'a'), 0))).places,
      (await manifestOf(shardDir(join(farm.out, 'a'), 1))).places,
    ])
  })

  test('does not run a finished shard again', async () => {
    const before = await readFile(join(shardDir(join(farm.out, 'a'), 0), 'shard.json'), 'utf8')
    const { output } = await shard(0)
    expect(output).toMatch(/^shard 0 of 2: 8 cells in /)
    expect(await readFile(join(shardDir(join(farm.out, 'a'), 0), 'shard.json'), 'utf8')).toBe(before)
  })

  test('leaves nothing of a shard that went to another process meanwhile', async () => {
    const plan = await plannedShards({ name: 'lost', config: farm.config, shards: 8 })
    const runDir = join(farm.out, 'lost')
    const mayFinish = () => Promise.reject(new Error('the shard went to another worker'))
    await expect(runShard(plan, 0, { runDir, mayFinish })).rejects.toThrow('the shard went to another worker')
    expect((await readdir(shardDir(runDir, 0))).filter((name) => name.endsWith('.json'))).toEqual([])
  }, 30_000)

  test('counts the trials of a shard that is not there as missing, with the reason', async () => {
    await cp(join(farm.out, 'a'), join(farm.out, 'b'), { recursive: true })
    await rm(shardDir(join(farm.out, 'b'), 1), { recursive: true })
    const { estimates, output } = await collected(farm, 'b')
    expect(output).toContain('missing: shard 1: it left no results')
    const { trials, exclusions } = Estimates.parse(JSON.parse(estimates))
    expect(trials).toMatchObject({ planned: 16, scored: 8, cases: 8 })
    expect(exclusions.map(({ arm, reason, count }) => [arm, reason, count])).toEqual(
      ['full', 'no-image'].map((arm) => [arm, 'not held: its shard is not finished: it left no results', 4]),
    )
  }, 30_000)

  test('is not collected when a results file was edited or truncated', async () => {
    const results = async (dir: string) => join(dir, (await manifestOf(dir)).results)
    await expect(changed('edited', async (dir) => appendFile(await results(dir), ' '))).rejects.toThrow(
      /it was edited or truncated/,
    )
    await expect(changed('cut', async (dir) => truncate(await results(dir), 5000))).rejects.toThrow(/it was edited or truncated/)
    await expect(changed('gone', async (dir) => rm(await results(dir)))).rejects.toThrow(
      /requires its results beside it, got ENOENT/,
    )
    await expect(changed('half', (dir) => truncate(join(dir, 'shard.json'), 200))).rejects.toThrow(
      /shard\.json requires whole JSON/,
    )
  })

  test.each([
    ['code', 'another code or lock file'],
    ['bankSha256', 'another cases of the bank'],
    ['configSha256', 'another text of the configuration'],
    ['name', 'another name of the run'],
    ['shards', 'another number of shards'],
  ])('is not mixed with a shard of another %s', async (field, words) => {
    const mixed = changed(`other-${field}`, async (dir) => {
      const manifest = await manifestOf(dir)
      const other = { name: 'other', shards: 3 }[field] ?? '0'.repeat(64)
      await writeFile(join(dir, 'shard.json'), JSON.stringify({ ...manifest, run: { ...manifest.run, [field]: other } }))
    })
    await expect(mixed).rejects.toThrow(words)
  })

  test('is not collected when a shard is there twice', async () => {
    const twice = changed('twice', async (dir) => cp(dir, dir.replace(/1$/, '2'), { recursive: true }))
    await expect(twice).rejects.toThrow(/requires its own shard, got shard 1/)
  })

  test('does not run a shard into the folder of a run of the same name with other shards', async () => {
    const { code, output } = await shard(1, 'a', 3)
    expect(code).toBe(1)
    expect(output).toContain('requires the same run, got another number of shards (3 here, 2 there)')
  })

  test.each([
    [['--run', '../x', '--shard', '0', '--shards', '2'], '--run requires a name of'],
    [['--run', 'c', '--shard', '2', '--shards', '2'], '--shard requires a number from 0 to 1, got 2'],
    [['--run', 'c', '--shard', '0', '--shards', '9'], 'shards requires a whole number from 1 to the number of tests (8), got 9'],
    [['--run', 'c', '--shard', '0', '--shards', '0'], 'shards requires a whole number from 1'],
  ])('refuses %j', async (args, words) => {
    const { code, output } = await run(farm, 'shard', ...args, '-c', farm.config, '--out', farm.out)
    expect(code).toBe(1)
    expect(output).toContain(words)
    expect(output).not.toMatch(/\n\s+at /)
  })
})
