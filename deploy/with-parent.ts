// Loaded into the promptfoo process of a shard before anything else: when the worker that started it dies, by whatever cause, the
// process ends too, and does not go on asking models beside the worker that takes the shard over.
process.on('disconnect', () => process.exit(1))
process.channel?.unref()
