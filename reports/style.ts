/** How a page looks: colours for light and dark, readable on a telephone, and the style sheet made of them. */

/** Colours by what they are for; `c0` to `c3` are of curves, marks and their legends. */
export interface Palette {
  readonly ink: string
  readonly paper: string
  /** Remarks and scales: text too. */
  readonly soft: string
  /** Lines that separate, and say nothing. */
  readonly line: string
  readonly c0: string
  readonly c1: string
  readonly c2: string
  readonly c3: string
}

/** Text stands out from paper by at least 4.5 : 1, marks by 3 : 1 (WCAG 2.2), which a test works out. */
export const palettes: { readonly light: Palette; readonly dark: Palette } = {
  light: {
    ...{ ink: '#1c2430', paper: '#fdfdfb', soft: '#586273', line: '#dfe3e8' },
    ...{ c0: '#2563a8', c1: '#b8480f', c2: '#22734a', c3: '#8a4fb0' }
  },
  dark: {
    ...{ ink: '#e8ebf0', paper: '#14181f', soft: '#9fabbd', line: '#323a47' },
    ...{ c0: '#6aa9ec', c1: '#f19163', c2: '#66c794', c3: '#c193e6' }
  }
}

/** How much of colour c0 a shade with ink upon it may have; a shade without text goes up to 1. */
export const DEEPEST_SHADE = 0.5

const variables = (palette: Palette): string =>
  Object.entries(palette)
    .map(([name, colour]) => `--${name}:${colour}`)
    .join(';')

/** The style sheet of a page. */
export const style: string = `:root{color-scheme:light dark;${variables(palettes.light)}}
@media(prefers-color-scheme:dark){:root{${variables(palettes.dark)}}}
*{box-sizing:border-box}
body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:1080px;margin:0 auto;padding:20px 16px;overflow-wrap:anywhere}
h1{font-size:24px;line-height:1.25;margin:0 0 4px}h2{font-size:19px;line-height:1.3;margin:40px 0 8px}h3{font-size:15px;margin:20px 0 6px}p{margin:6px 0;max-width:75ch}
.soft,figcaption,caption{color:var(--soft)}figcaption{font-size:14px}.lead{font-size:17px}
.beside{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(440px,100%),1fr));gap:24px;align-items:start}
.beside>*{min-width:0}figure{margin:12px 0 0;min-width:0}figure svg{width:100%;height:auto;display:block}
.scroll{overflow-x:auto}.half{max-width:520px}
table{border-collapse:collapse;margin:8px 0}th,td{padding:4px 14px 4px 0;border-bottom:1px solid var(--line);text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap;font-size:15px}
th:first-child,td:first-child{text-align:left}th{color:var(--soft);font-weight:500}
.words td,.words th{text-align:left;white-space:normal;overflow-wrap:normal;vertical-align:top}
.words td:first-child{overflow-wrap:anywhere;min-width:96px}.words td:last-child{overflow-wrap:anywhere;min-width:150px}
details{margin:8px 0}summary{cursor:pointer}code{font-size:14px}ul{padding-left:20px;margin:6px 0}
@media(max-width:480px){th,td{padding-right:10px;font-size:14px}}
svg text{font:13px system-ui,sans-serif;fill:var(--ink)}svg .tick{fill:var(--soft)}svg .title{font-weight:600}
svg .grid{stroke:var(--line)}svg .axis{stroke:var(--soft)}svg .curve{fill:none;stroke-width:1.7;stroke-linejoin:round}
.s0{--own:var(--c0)}.s1{--own:var(--c1)}.s2{--own:var(--c2)}.s3{--own:var(--c3)}svg .curve,svg .mark{stroke:var(--own)}svg .legend,svg .dot{fill:var(--own)}svg .dot{stroke:none}
svg .plus{stroke:var(--c0)}svg .minus{stroke:var(--c1)}svg .input{fill:var(--c2)}svg .hidden{fill:var(--c3)}svg .output{fill:var(--ink)}
svg .unused{fill:none;stroke:var(--soft)}svg .shade,svg .bar{fill:var(--c0)}svg .spread{stroke:var(--ink);stroke-width:1.5}svg .ideal{stroke:var(--soft);stroke-dasharray:4 4}`
