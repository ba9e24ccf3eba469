/** The look of review pages: light and dark, on wide screens and phones. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --ground: #faf8f4; --card: #fff; --ink: #23201c; --faint: #6d665c; --line: #e0d9cc; --accent: #0b5fa5;
  --fine: #2e8b57; --inaccuracy: #9a7400; --mistake: #c8501e; --blunder: #c01f3a; --black: #3d3a36; --white: #d8d1c4; --wood: #e3b768; }
@media (prefers-color-scheme: dark) { :root { --ground: #191817; --card: #232120; --ink: #e9e4db; --faint: #a39b8f; --line: #3b3835; --accent: #6fb3ee;
  --fine: #6fcf97; --inaccuracy: #e0b93f; --mistake: #f0894f; --blunder: #ff6b81; --black: #000; --white: #8d867b; --wood: #c79a51; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.45 system-ui, sans-serif; }
.page { max-width: 1180px; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.35rem; margin: 0; } h2 { font-size: 1rem; margin: 1.2rem 0 .4rem; } h2:first-child { margin-top: 0; }
.faint { color: var(--faint); margin: .2rem 0 1rem; } a { color: var(--accent); }
.split { display: grid; grid-template-columns: minmax(0, 1fr) 380px; gap: 1.2rem; align-items: start; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: .8rem; }
#board svg { display: block; width: 100%; max-height: 82vh; touch-action: manipulation; }
.controls { display: flex; flex-wrap: wrap; gap: .35rem; margin-top: .6rem; align-items: center; }
button { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: .3rem .6rem; cursor: pointer; min-width: 2.4rem; min-height: 2.2rem; }
button:hover { border-color: var(--accent); } #slider { flex: 1 1 8rem; min-width: 6rem; accent-color: var(--accent); }
label { color: var(--faint); white-space: nowrap; }
#said { min-height: 2.9em; margin: .6rem 0 0; } .now { font-size: 1.05rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; } th { font-weight: 500; color: var(--faint); white-space: nowrap; }
td, th { padding: .2rem .35rem; text-align: right; border-bottom: 1px solid var(--line); } td:first-child, th:first-child { text-align: left; } th[colspan] { text-align: center; }
tbody tr[data-pick], tbody tr[data-go] { cursor: pointer; } tbody tr[data-pick]:hover, tbody tr[data-go]:hover, tr.on { background: color-mix(in srgb, var(--accent) 14%, transparent); }
.fine { color: var(--fine); } .inaccuracy { color: var(--inaccuracy); } .mistake { color: var(--mistake); } .blunder { color: var(--blunder); }
.graph { margin-top: 1.2rem; } .graph svg { display: block; width: 100%; height: 130px; cursor: crosshair; touch-action: pan-y; }
.graph .name { color: var(--faint); font-size: .8rem; }
.graph .plots > div + div { margin-top: .5rem; }
.stone { display: inline-block; width: .8em; height: .8em; border-radius: 50%; border: 1px solid var(--faint); vertical-align: -.05em; } .stone.B { background: #111; } .stone.W { background: #fff; }
.problem { color: var(--mistake); } .hint { color: var(--faint); font-size: .85rem; margin: .4rem 0 0; }
.scroll { overflow-x: auto; } .spark { width: 140px; height: 34px; display: block; } .names { white-space: nowrap; }
@media (max-width: 860px) { .split { grid-template-columns: minmax(0, 1fr); } .page { padding: .6rem; } .card { padding: .5rem; } #board svg { max-height: none; } }
`;
