import { readFileSync } from 'node:fs'

const read = (name: string) => readFileSync(new URL(`page/${name}`, import.meta.url), 'utf8')

/** The page and what it loads: nothing comes from anywhere else. */
export const statusPage = {
  html: read('status.html'),
  css: read('status.css'),
  scripts: { 'status.js': read('status.js'), 'plots.js': read('plots.js') }
}
