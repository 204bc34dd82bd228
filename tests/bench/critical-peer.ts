import { parentPort, workerData } from 'node:worker_threads'
import { clinicianReply } from './held-trials.ts'
import { startVendorPeer } from './vendor-peer.ts'

// A thread of its own, so that what the peer does does not hold up what is measured.
const VERDICT = JSON.stringify({ evidence: [], rationale: 'A fixed reply of the bench.', score: 3 })
let said = 0

// Numbered, so that no conversation is like another and no verdict comes from the store.
const peer = await startVendorPeer(workerData as number, (asked) => {
  if (asked.texts.some((text) => text.includes('"dimension"'))) return VERDICT
  said += 1
  return `${clinicianReply(asked)} This is reply ${said}.`
})
parentPort?.postMessage(peer.url)
parentPort?.once('message', async () => {
  parentPort?.postMessage(peer.calls())
  await peer.stop()
})
