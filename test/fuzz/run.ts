// The long run: `npm run fuzz -- [seconds] [seed]`. What it finds comes again with the seed.
const [seconds = '300', seed] = process.argv.slice(2)
process.env['FUZZ_SECONDS'] = seconds
if (seed !== undefined) process.env['FUZZ_SEED'] = seed
await import('./fuzz.test.ts')
