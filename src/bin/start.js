#!/usr/bin/env node
// Plain JavaScript, so that an older Node can read as far as the sentence that it is too old.
const major = Number(process.versions.node.split('.')[0])
if (major < 24) {
  process.stderr.write(
    `chorus-pro-gateway needs Node 24 or newer; this is ${process.version}. "npm run gateway -- ..." brings its own.\n`
  )
  process.exit(78)
}
const { main } = await import('./gateway.ts')
await main(process.argv.slice(2))
