// The long run: `npm run fuzz -- [seconds] [seed]`. What it finds comes again with the seed.
const [seconds = '300', seed = process.env['FUZZ_SEED'] ?? String(Date.now() % 1_000_000_000)] = process.argv.slice(2)
process.env['FUZZ_SECONDS'] = seconds
process.env['FUZZ_SEED'] = seed
console.log(`# FUZZ_SEED=${seed}, ${seconds} seconds`)
await import('./fuzz.test.ts')
