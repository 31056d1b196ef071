import { Agent, request } from 'undici'
import { createConnector } from './connect.ts'
import type { ChorusSettings } from './settings.ts'
import { createTrust } from './trust.ts'
import { readProxyUrl } from './tunnel.ts'

const bytesAtMost = 1024 * 1024
const timeoutMs = 10_000

/**
 * Reads public JSON of others than Chorus Pro, by the same way out: proxy, authorities, no redirects. Rejects for
 * anything but a 200 with JSON. Our client certificate is shown to nobody.
 */
export async function readOutside(
  url: string,
  settings: Pick<ChorusSettings, 'extraCa' | 'proxyUrl' | 'noProxy' | 'log'>
): Promise<unknown> {
  const connector = createConnector({
    trust: createTrust(undefined, settings.extraCa),
    proxy: settings.proxyUrl === undefined ? undefined : readProxyUrl(settings.proxyUrl),
    noProxy: settings.noProxy,
    timeoutMs,
    now: Date.now,
    warn: settings.log.warn
  })
  const agent = new Agent({ connect: connector.connect, allowH2: false })
  // undici's own signal does not end every wait (network brief, section 6).
  const late = setTimeout(() => {
    connector.close()
    void agent.destroy()
  }, timeoutMs)
  try {
    const { statusCode, body } = await request(url, { dispatcher: agent, headers: { accept: 'application/json' } })
    const chunks: Buffer[] = []
    let size = 0
    for await (const chunk of body as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > bytesAtMost) throw new RangeError(`${new URL(url).host} answers with more than ${bytesAtMost} bytes`)
      chunks.push(chunk)
    }
    if (statusCode !== 200) throw new Error(`${new URL(url).host} answers with ${statusCode}`)
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown
  } finally {
    clearTimeout(late)
    connector.close()
    await agent.destroy()
  }
}
