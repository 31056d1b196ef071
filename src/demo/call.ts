import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'

/** One request of the story: sent for real, and shown as the curl line that repeats it. */
export interface Call {
  method?: 'GET' | 'POST'
  path: string
  headers?: Record<string, string>
  form?: { file: string; fields: [name: string, value: string][] }
}

export interface Reply<Body> {
  status: number
  headers: Headers
  body: Body
}

export async function send<Body>(origin: string, key: string, call: Call): Promise<Reply<Body>> {
  const response = await fetch(`${origin}${call.path}`, {
    method: call.form === undefined ? (call.method ?? 'GET') : 'POST',
    headers: { authorization: `Bearer ${key}`, ...call.headers },
    ...(call.form !== undefined && { body: await formOf(call.form) }),
    signal: AbortSignal.timeout(30_000)
  })
  return { status: response.status, headers: response.headers, body: (await response.json()) as Body }
}

async function formOf({ file, fields }: NonNullable<Call['form']>): Promise<FormData> {
  const form = new FormData()
  form.append('file', new Blob([await readFile(file)], { type: 'application/pdf' }), basename(file))
  for (const [name, value] of fields) form.append(name, value)
  return form
}

/** Double quotes and a continuation that fit the shell of this system, so that the line can be pasted as it is. */
export function curlOf(origin: string, key: string, call: Call, platform = process.platform): string {
  const arguments_ = [
    `-H "Authorization: Bearer ${key}"`,
    ...Object.entries(call.headers ?? {}).map(([name, value]) => `-H "${name}: ${value}"`),
    ...(call.form === undefined ? [] : [`-F "file=@${call.form.file}"`]),
    ...(call.form?.fields ?? []).map(([name, value]) => `-F ${name}=${value}`)
  ]
  const start = call.method === 'POST' && call.form === undefined ? 'curl -i -X POST' : 'curl -i'
  const url = `${origin}${call.path}`
  // A bare question mark is a pattern to some shells.
  const lines = [`${start} ${/[?&]/.test(url) ? `"${url}"` : url}`]
  for (const argument of arguments_) {
    const last = lines.at(-1) ?? ''
    if (lines.length > 1 && last.length + argument.length < 100) lines[lines.length - 1] = `${last} ${argument}`
    else lines.push(`  ${argument}`)
  }
  return lines.join(platform === 'win32' ? ' ^\n' : ' \\\n')
}
