import { parentPort, workerData } from 'node:worker_threads'
import { clinicianReply, verdictReply } from './held-trials.ts'
import { startVendorPeer } from './vendor-peer.ts'

// A thread of its own, so that what the peer does does not hold up what is measured.
let said = 0

// Numbered, so that no conversation is like another and no verdict comes from the store.
const peer = await startVendorPeer(workerData as number, (asked) => {
  const verdict = verdictReply(asked)
  if (verdict !== undefined) return verdict
  said += 1
  return `${clinicianReply(asked)} This is reply ${said}.`
})
parentPort?.postMessage(peer.url)
parentPort?.once('message', async () => {
  parentPort?.postMessage(peer.calls())
  await peer.stop()
})
