import { styleText } from 'node:util'

/** Where the story is told: plain lines; colours and a moving mark on a terminal alone. */
export interface Screen {
  heading(text: string): void
  /** Something that happened. */
  tell(text: string): void
  good(text: string): void
  bad(text: string): void
  /** Something to copy, one line or several. */
  copy(text: string): void
  /** Shows that time passes while `work` is under way. */
  during<T>(text: string, work: Promise<T>): Promise<T>
}

/** Back to the start of the line, and wipe it. */
const clear = '\r\x1b[2K'

type Out = Pick<NodeJS.WriteStream, 'write'> & { isTTY?: boolean }

export function createScreen(out: Out = process.stdout): Screen {
  const terminal = out.isTTY === true
  const colours = terminal && process.env.NO_COLOR === undefined
  const paint = (style: Parameters<typeof styleText>[0], text: string) =>
    colours ? styleText(style, text, { validateStream: false }) : text
  let turning = false
  const line = (text: string) => void out.write(`${turning ? clear : ''}${text}\n`)
  const indent = (text: string) => text.replace(/^/gm, '    ')
  return {
    heading: (text) => line(`\n${paint('bold', text)}`),
    tell: (text) => line(`  ${text}`),
    good: (text) => line(`  ${paint('green', 'ok')}  ${text}`),
    bad: (text) => line(`  ${paint('red', 'FAILED')}  ${text}`),
    copy: (text) => line(paint('cyan', indent(text))),
    async during(text, work) {
      if (!terminal) {
        line(`  ${text} ...`)
        return work
      }
      let turn = 0
      turning = true
      const timer = setInterval(() => {
        out.write(`\r  ${'|/-\\'[turn++ % 4]} ${text}`)
      }, 120)
      try {
        return await work
      } finally {
        clearInterval(timer)
        turning = false
        out.write(clear)
      }
    }
  }
}
