// The report's style: light, dark, paper; from 360 px on. System fonts, nothing is fetched.
export const style = `
:root { color-scheme: light dark; --ground: #f6f7fa; --paper: #fff; --line: #d7dbe3; --text: #1a1d23; --quiet: #545b69; --link: #1746a2;
  --good: #11643a; --good-ground: #e5f4ea; --warn: #7a4b00; --warn-ground: #fdf1d8; --bad: #a3161f; --bad-ground: #fde8e8;
  --own: #1d4ed8; --own-ground: #c3d4fb; --peer: #525a68; --peer-ground: #d9dde5;
  --t0: #1d4ed8; --t1: #b04a06; --t2: #15753a; --t3: #7e22ce; --t4: #be185d; --t5: #0f6b64; }
@media (prefers-color-scheme: dark) { :root { --ground: #12151b; --paper: #1b2029; --line: #3a4150; --text: #eef1f6; --quiet: #b3bbc9; --link: #9dc0ff;
  --good: #8be0a9; --good-ground: #14382a; --warn: #ffd58a; --warn-ground: #40310f; --bad: #ffb4b4; --bad-ground: #4a1c20;
  --own: #8ab4ff; --own-ground: #23407f; --peer: #b9c1cf; --peer-ground: #3d4554;
  --t0: #8ab4ff; --t1: #ffb26b; --t2: #7ee2a0; --t3: #d7a8ff; --t4: #ff9cc8; --t5: #6fe0d2; } }
* { box-sizing: border-box; }
html { background: var(--ground); color: var(--text); font: 16px/1.55 system-ui, 'DejaVu Sans', 'Noto Sans', sans-serif; font-variant-numeric: tabular-nums; -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 1120px; padding: 1.5rem 1rem 4rem; overflow-wrap: break-word; }
h1 { font-size: clamp(1.5rem, 4vw, 2.1rem); line-height: 1.2; margin: 0 0 .4rem; }
h2 { font-size: 1.35rem; line-height: 1.3; margin: 0 0 .5rem; }
h3 { font-size: 1.05rem; margin: 1.6rem 0 .4rem; }
p { margin: .4rem 0; max-width: 46rem; }
a { color: var(--link); }
small, .quiet { color: var(--quiet); font-size: .875rem; }
section, .summary { background: var(--paper); border: 1px solid var(--line); border-radius: 10px; padding: 1.25rem; margin: 1.25rem 0; }
header p { color: var(--quiet); }
.lead { font-size: 1.15rem; font-weight: 600; max-width: none; }
.mark { display: inline-block; white-space: nowrap; font-weight: 700; }
.mark svg { width: 1em; height: 1em; vertical-align: -.12em; margin-right: .3em; fill: currentColor; }
.held { color: var(--good); } .missed { color: var(--warn); } .failed { color: var(--bad); }
.stories { list-style: none; margin: 1rem 0 0; padding: 0; display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 28rem), 1fr)); gap: .25rem 2rem; }
.stories li { border-top: 1px solid var(--line); padding: .6rem 0; }
.stories p { margin: .1rem 0; }
.warning { background: var(--warn-ground); color: var(--warn); border-radius: 8px; padding: .6rem .9rem; margin: .8rem 0; max-width: none; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
caption { text-align: left; font-weight: 600; padding: .2rem 0 .4rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem .4rem 0; border-bottom: 1px solid var(--line); }
thead th { color: var(--quiet); font-weight: 600; border-bottom-width: 2px; }
tbody th { font-weight: 600; }
tbody td.number, .keep { white-space: nowrap; }
.number { text-align: right; white-space: nowrap; }
td small { display: block; }
.bars { list-style: none; padding: 0; margin: .5rem 0; }
.bars li { display: grid; grid-template-columns: minmax(7rem, 10rem) 1fr minmax(8.5rem, auto); gap: 0 .8rem; align-items: center; padding: .15rem 0; }
.bars .who { font-weight: 600; }
.bars .value { text-align: right; line-height: 1.25; }
.bars .value small { display: block; }
.bar { display: block; overflow: visible; }
.bar .back { fill: var(--peer-ground); } .bar circle { fill: var(--peer); fill-opacity: .75; } .bar .median { stroke: var(--peer); stroke-width: 3; }
.own .bar .back { fill: var(--own-ground); } .own .bar circle { fill: var(--own); } .own .bar .median { stroke: var(--own); } .own .who { color: var(--own); }
.ratios { margin: .3rem 0 .6rem; padding-left: 1.1rem; max-width: 52rem; }
.ratios li { margin: .2rem 0; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 30rem), 1fr)); gap: 1rem 2rem; }
figure { margin: .8rem 0 0; min-width: 0; }
figcaption { font-weight: 600; margin-bottom: .6rem; }
.plot { padding: 6px 6.6rem 0 4.2rem; } .plot.narrow { padding-right: 1.8rem; }
.chart { display: block; overflow: visible; } .lines { overflow: hidden; }
.grid { stroke: var(--line); } .mark-line { stroke: var(--quiet); stroke-dasharray: 3 4; } .tick { stroke: var(--quiet); }
.axis { fill: var(--quiet); font-size: 12px; } .end { font-size: 12.5px; font-weight: 700; }
.line { fill: none; stroke-width: 2.2; vector-effect: non-scaling-stroke; stroke-linejoin: round; }
.line.tone-1 { stroke-dasharray: 7 3; } .line.tone-2 { stroke-dasharray: 2 3; } .line.tone-3 { stroke-dasharray: 9 3 2 3; } .line.tone-4 { stroke-dasharray: 4 4; } .line.tone-5 { stroke-dasharray: 12 4; }
${[0, 1, 2, 3, 4, 5].map((nth) => `.line.tone-${nth} { stroke: var(--t${nth}); } .end.tone-${nth} { fill: var(--t${nth}); } .letter.tone-${nth} { color: var(--t${nth}); }`).join(' ')}
.letter { font-weight: 700; }
.checks { list-style: none; padding: 0; margin: .3rem 0; } .checks li { padding: .2rem 0; }
details { margin: .5rem 0; } summary { cursor: pointer; color: var(--link); padding: .3rem 0; }
dl { display: grid; grid-template-columns: minmax(7rem, max-content) 1fr; gap: .3rem 1.2rem; margin: .5rem 0; } dt { font-weight: 600; } dd { margin: 0; max-width: 44rem; min-width: 0; }
.scroll { overflow-x: auto; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
@media (max-width: 760px) {
  body { padding: 1rem .6rem 3rem; } section, .summary { padding: .9rem .75rem; }
  .stack, .stack tbody, .stack tr, .stack td, .stack th { display: block; } .stack thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
  .stack tr { border-bottom: 2px solid var(--line); padding: .5rem 0; } .stack td, .stack tbody th { border: 0; padding: .1rem 0; text-align: left; white-space: normal; }
  .stack td[data-label]:not(:empty)::before { content: attr(data-label) ': '; color: var(--quiet); } .stack td small { display: inline; margin-left: .3em; }
  .stack td.number { display: inline-block; min-width: 46%; } .stack td[data-label]:empty { display: none; }
  .bars li { grid-template-columns: 1fr auto; } .bars .bar { grid-row: 2; grid-column: 1 / -1; } .bars .value small { display: inline; }
  .plot { padding-left: 3.6rem; padding-right: 5.6rem; } dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5rem; }
}
@media print { @page { size: A4; margin: 14mm; }
  :root { --ground: #fff; --paper: #fff; --line: #bbb; --text: #000; --quiet: #333; } html { font-size: 10pt; } body { max-width: none; padding: 0; }
  section, .summary { border: 0; padding: 0; margin: 0 0 8mm; } figure, .bars li, tr, .stories li { break-inside: avoid; } h2, h3 { break-after: avoid; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } summary { display: none; } }
`;
