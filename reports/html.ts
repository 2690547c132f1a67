/** A page that needs nothing but itself. */
import { escape } from './svg.js'

const STYLE = `
:root { color-scheme: light dark; --ink: #1c2430; --paper: #fdfdfb; --soft: #6b7686; --line: #e3e6ea;
  --c0: #2563a8; --c1: #d9622b; --c2: #2f8f5b; --c3: #8a4fb0; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ebf0; --paper: #14181f; --soft: #93a0b3; --line: #2b323d;
  --c0: #6aa9ec; --c1: #f19163; --c2: #66c794; --c3: #c193e6; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 1120px; margin: 0 auto; padding: 24px; }
h1 { font-size: 24px; margin: 0 0 4px; } h2 { font-size: 17px; margin: 36px 0 10px; } p { margin: 4px 0; }
.soft, figcaption { color: var(--soft); } figcaption { font-size: 13px; }
.grid2 { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(460px, 100%), 1fr)); gap: 20px; }
figure { margin: 0; } svg { width: 100%; height: auto; display: block; } .narrow svg { max-width: 480px; }
table { border-collapse: collapse; width: 100%; } th, td { padding: 4px 12px 4px 0; border-bottom: 1px solid var(--line); text-align: right; font-variant-numeric: tabular-nums; }
th:first-child, td:first-child { text-align: left; } th { color: var(--soft); font-weight: 500; }
details table td { text-align: left; } code { font-size: 13px; overflow-wrap: anywhere; }
svg text { font: 12px system-ui, sans-serif; fill: var(--ink); } svg .tick { fill: var(--soft); font-size: 11px; }
svg .title { font-weight: 600; font-size: 13px; } svg .grid { stroke: var(--line); } svg .curve { fill: none; stroke-width: 1.6; stroke-linejoin: round; }
.curve.s0 { stroke: var(--c0); } .curve.s1 { stroke: var(--c1); } .curve.s2 { stroke: var(--c2); } .curve.s3 { stroke: var(--c3); }
.legend.s0 { fill: var(--c0); } .legend.s1 { fill: var(--c1); } .legend.s2 { fill: var(--c2); } .legend.s3 { fill: var(--c3); }
svg .plus { stroke: var(--c0); } svg .minus { stroke: var(--c1); } svg .input { fill: var(--c2); } svg .hidden { fill: var(--c3); }
svg .output { fill: var(--ink); } svg .unused { fill: none; stroke: var(--line); } svg .shade { fill: var(--c0); }
svg .on { fill: var(--paper); font-size: 11px; } svg .off { fill: var(--soft); font-size: 11px; }`

/** A table of cells; the first row is its head. */
export const tableOf = ([head = [], ...rows]: readonly (readonly string[])[]): string => {
  const row = (tag: string) => (cells: readonly string[]) =>
    `<tr>${cells.map(c => `<${tag}>${escape(c)}</${tag}>`).join('')}</tr>`
  return `<table><thead>${row('th')(head)}</thead><tbody>${rows.map(row('td')).join('')}</tbody></table>`
}

/** A picture with a caption. */
export const figure = (svg: string, caption: string): string =>
  `<figure>${svg}<figcaption>${escape(caption)}</figcaption></figure>`

/** A whole page; `body` is markup. */
export const page = (title: string, body: string): string =>
  '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">' +
  `<title>${escape(title)}</title><style>${STYLE}</style></head><body>${body}</body></html>\n`
