import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/**
 * The results of a run kept in promptfoo's own store, as the text of a results file. `evalId` is an id or `latest`.
 * It asks the installed promptfoo to export the run to a temporary file, which is read and deleted. An unknown id or a
 * failing export is an Error with promptfoo’s own first line.
 */
export async function exportEval(evalId: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'analysis-'))
  const file = join(folder, 'results.json')
  const command = fileURLToPath(new URL('entrypoint.js', import.meta.resolve('promptfoo')))
  const env = {
    ...process.env,
    PROMPTFOO_DISABLE_TELEMETRY: 'true',
    PROMPTFOO_DISABLE_UPDATE: 'true',
    PROMPTFOO_DISABLE_REMOTE_GENERATION: 'true',
  }
  try {
    const args = ['--disable-warning=ExperimentalWarning', command, 'export', 'eval', evalId, '-o', file]
    await promisify(execFile)(process.execPath, args, { env, maxBuffer: 2 ** 26 })
    return await readFile(file, 'utf8')
  } catch (error) {
    const { stderr = '', stdout = '', message } = error as Error & { stderr?: string; stdout?: string }
    const [words] = (stdout.trim() || stderr.trim() || message).split('\n')
    throw new Error(`--eval requires a run in promptfoo’s store, got ${JSON.stringify(evalId)}: ${words}`)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
