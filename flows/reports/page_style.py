"""How the quality page looks: light, dark and on paper, with nothing fetched from anywhere."""

STYLE = """
:root {
  color-scheme: light dark;
  --paper: #ffffff; --ink: #1c2126; --quiet: #59636e; --line: #d5dade; --panel: #f5f7f8;
  --bad: #b3261e; --bad-paper: #fbe3e0; --warn: #7a4d00; --warn-paper: #fdeec8; --note: #40505f; --note-paper: #e8edf1;
  --complete: #d9eddc; --complete-ink: #17502a; --estimated: #fbe2a4; --estimated-ink: #5c3b00;
  --preliminary: #d3e6f8; --preliminary-ink: #123f68; --absent: #f6c9c4; --absent-ink: #7d1610; --bar: #6a7b8b;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #14181c; --ink: #e6eaee; --quiet: #9aa6b2; --line: #333c45; --panel: #1c2228;
    --bad: #ff9c92; --bad-paper: #4a1d19; --warn: #f4c766; --warn-paper: #43340f; --note: #b8c5d1;
    --note-paper: #29323a;
    --complete: #1e4029; --complete-ink: #b7e4c2; --estimated: #55420f; --estimated-ink: #fbdf95;
    --preliminary: #1d3d5c; --preliminary-ink: #bcdcfa; --absent: #5e211b; --absent-ink: #ffc9c3; --bar: #8fa1b2;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 1.5rem 1.5rem 4rem; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, "Segoe UI", "Liberation Sans", Arial, sans-serif; }
h1 { margin: 0; font-size: 1.7rem; line-height: 1.2; }
h2 { margin: 2.4rem 0 .6rem; padding-bottom: .25rem; border-bottom: 1px solid var(--line); font-size: 1.2rem; }
h3 { margin: 1.3rem 0 .4rem; font-size: 1rem; }
p { margin: .4rem 0; }
small, .quiet { color: var(--quiet); font-size: .87rem; }
code { display: inline-block; max-width: 100%; padding: .05em .35em; border-radius: 3px; background: var(--note-paper);
  text-indent: 0;
  font: .87em ui-monospace, "Liberation Mono", monospace;
  overflow-wrap: anywhere; }
.synthetic { margin: 0 0 1rem; padding: .35rem .75rem; border: 1px dashed var(--warn); color: var(--warn);
  background: var(--warn-paper); font-weight: 600; }
.verdict { margin: .9rem 0; padding: .7rem 1rem; border-left: 5px solid var(--complete-ink);
  background: var(--complete);
  color: var(--complete-ink); font-weight: 600; }
.verdict.barred { border-color: var(--bad); background: var(--bad-paper); color: var(--bad); }
.verdict.unlockable { border-color: var(--warn); background: var(--warn-paper); color: var(--warn); }
.wide { position: relative; overflow-x: auto; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
caption { max-width: calc(100vw - 3rem); padding-bottom: .4rem; color: var(--quiet); text-align: left; }
th { font-weight: 600; text-align: left; }
th, td { padding: .3rem .6rem; vertical-align: top; }
.rows th, .rows td { border-bottom: 1px solid var(--line); }
.rows thead th { color: var(--quiet); white-space: nowrap; }
.rows tbody th { font-weight: 500; }
.number { text-align: right; white-space: nowrap; }
.matrix { border-collapse: separate; border-spacing: 2px; }
.matrix th, .matrix td { padding: .14rem .3rem; }
.matrix thead th { color: var(--quiet); text-align: center; font-weight: 500; }
.matrix thead .source { text-align: left; }
.matrix thead .year { border-bottom: 1px solid var(--line); color: var(--ink); font-weight: 600; }
.matrix tbody th { padding-right: .9rem; font-weight: 400; white-space: nowrap; }
.matrix tbody th, .matrix thead .source { position: sticky; left: 0; background: var(--paper); }
.matrix tbody th.kind { padding-top: .6rem; color: var(--quiet); font-size: .82rem; font-weight: 600;
  text-transform: uppercase;
  letter-spacing: .04em; }
.matrix td { min-width: 2.4rem; border-radius: 3px; font-weight: 700; text-align: center; }
.matrix td.first, .matrix th.first { border-left: .5rem solid var(--paper); }
.complete { background: var(--complete); color: var(--complete-ink); }
.estimated { background: var(--estimated); color: var(--estimated-ink); }
.preliminary { background: var(--preliminary); color: var(--preliminary-ink); }
.partly_missing, .missing, .withheld { background: var(--absent); color: var(--absent-ink); }
.withheld { outline: 2px solid var(--absent-ink); outline-offset: -2px; }
.legend { display: flex; flex-wrap: wrap; gap: .3rem 1.1rem; margin: .7rem 0; padding: 0; list-style: none;
  font-size: .87rem; }
.legend span { display: inline-block; min-width: 1.6rem; margin-right: .35rem; border-radius: 3px; font-weight: 700;
  text-align: center; }
ul.reasons { margin: .5rem 0; padding-left: 1.2rem; font-size: .92rem; }
ul.work { margin: 0; padding: 0; list-style: none; }
ul.work li { margin: .35rem 0; padding: .45rem .8rem; overflow-wrap: anywhere; border-left: 4px solid var(--line);
  background: var(--panel);
  break-inside: avoid; }
ul.work li.critical { border-color: var(--bad); }
ul.work li.warning { border-color: var(--warn); }
.effect { margin-right: .5rem; padding: .1rem .45rem; border-radius: 3px; background: var(--note-paper);
  color: var(--note);
  font-size: .8rem; font-weight: 600; white-space: nowrap; }
.critical .effect { background: var(--bad-paper); color: var(--bad); }
.warning .effect { background: var(--warn-paper); color: var(--warn); }
.todo { margin: .25rem 0 0; padding-left: 1.2rem; text-indent: -1.2rem; }
details { margin-top: .8rem; }
.spark { display: block; height: 18px; }
.spark rect { fill: var(--bar); }
.spark .none { fill: var(--line); }
.sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
footer { margin-top: 3rem; color: var(--quiet); font-size: .85rem; }
@page { size: A4; margin: 14mm 14mm 17mm;
  @bottom-right { content: counter(page) " (" counter(pages) ")"; color: #59636e; font: 8pt sans-serif; } }
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; }
  .matrix td, .effect, .verdict, .legend span, ul.work li, .synthetic { print-color-adjust: exact;
    -webkit-print-color-adjust: exact; }
  .wide { overflow: visible; }
  h2, h3, h2 + p { break-after: avoid; }
  tr, .matrix { break-inside: avoid; }
  tbody tr:first-child { break-before: avoid; }
}
"""
