/** The page's style sheet. Colours are variables: one set for light, one for dark, chosen by the system or by the button. */
const dark = `--ground:#14171c;--card:#1b1f26;--raised:#232932;--line:#303843;--ink:#e4e8ee;--quiet:#98a3b1;--accent:#7cb4ff;
--in:#5cc8a8;--out:#e3a45c;--inout:#c792ea;--place:#8b97a6;--error:#ff7b72;--warning:#e6b450;--information:#6cb6ff;--hint:#98a3b1;--bar:#4a7fc0;color-scheme:dark`;

export const pageStyle = `
:root{--ground:#f5f6f8;--card:#fff;--raised:#eef1f5;--line:#d9dfe7;--ink:#1c2430;--quiet:#5d6a7a;--accent:#0b5fc4;
--in:#0b7a5b;--out:#a85b00;--inout:#7a3fb0;--place:#5d6a7a;--error:#c42b1c;--warning:#8f5f00;--information:#0b5fc4;--hint:#5d6a7a;--bar:#7fb0ee;color-scheme:light}
@media (prefers-color-scheme:dark){:root:not([data-theme=light]){${dark}}}
:root[data-theme=dark]{${dark}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
code,.mono,td.name,th.name{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.92em}
code.whole,span.whole,th.name{white-space:nowrap}
a{color:var(--accent)}
main,header>div,footer{max-width:1320px;margin:0 auto;padding:0 24px}
header{background:var(--card);border-bottom:1px solid var(--line);padding:22px 0 20px}
header .top{display:flex;align-items:baseline;gap:16px;flex-wrap:wrap}
h1{font-size:1.45rem;margin:0;letter-spacing:-.01em}
h2{font-size:1.2rem;margin:0}
h3{font-size:.95rem;margin:20px 0 8px}
.quiet{color:var(--quiet)}
.theme{margin-left:auto}
button,input,select{font:inherit;color:inherit;background:var(--card);border:1px solid var(--line);border-radius:6px;padding:4px 10px}
button{cursor:pointer}
button:focus-visible,input:focus-visible,select:focus-visible,a:focus-visible,summary:focus-visible{outline:2px solid var(--accent);outline-offset:1px}
.tiles{display:flex;flex-wrap:wrap;gap:10px;margin:16px 0 0;padding:0;list-style:none}
.tiles li{background:var(--raised);border-radius:8px;padding:8px 16px;min-width:112px}
.tiles b{display:block;font-size:1.35rem;line-height:1.25;font-variant-numeric:tabular-nums}
.tiles span{color:var(--quiet);font-size:.85rem}
nav{display:flex;flex-wrap:wrap;gap:6px 14px;margin-top:14px}
section.driver{background:var(--card);border:1px solid var(--line);border-radius:10px;margin:24px 0;padding:20px}
.facts{display:flex;flex-wrap:wrap;gap:4px 20px;margin:8px 0 0;color:var(--quiet);font-size:.9rem}
.facts b{color:var(--ink);font-weight:600}
details.files summary{cursor:pointer;color:var(--quiet);font-size:.9rem;margin-top:6px}
.tools{display:flex;flex-wrap:wrap;gap:8px 14px;align-items:center;margin:18px 0 10px}
.tools input[type=search]{flex:1 1 260px;max-width:420px}
.tools label{display:flex;gap:6px;align-items:center;color:var(--quiet)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.92rem}
th,td{text-align:left;padding:6px 10px;border-bottom:1px solid var(--line);vertical-align:top}
thead th{color:var(--quiet);font-weight:600;font-size:.82rem;white-space:nowrap;border-bottom:2px solid var(--line)}
th.number,td.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
thead button{border:0;background:none;padding:0;color:inherit;font-weight:inherit}
th[aria-sort=ascending] button::after{content:" \\2191"}
th[aria-sort=descending] button::after{content:" \\2193"}
tr.entry:hover{background:var(--raised)}
tr.entry th{font-weight:500}
button.toggle{border:0;background:none;padding:0;text-align:left;color:var(--accent)}
button.toggle::before{content:"\\25B8";display:inline-block;width:1.1em;color:var(--quiet)}
button.toggle[aria-expanded=true]::before{content:"\\25BE"}
td.cost{position:relative;min-width:92px}
td.cost i{position:absolute;right:10px;bottom:2px;height:3px;width:calc(var(--share)*(100% - 20px));background:var(--bar);border-radius:2px}
tr.details>td{background:var(--raised);padding:4px 18px 18px}
/* As wide as the table around it, however wide its own tables are: those scroll by themselves. */
.bounded{width:0;min-width:100%}
tr.details table{background:var(--card);border-radius:8px}
.badge{display:inline-block;border:1px solid currentColor;border-radius:99px;padding:0 8px;font-size:.8rem;line-height:1.5;white-space:nowrap;margin:0 4px 2px 0}
.in{color:var(--in)}.out{color:var(--out)}.inout{color:var(--inout)}.place{color:var(--place)}
.error{color:var(--error)}.warning{color:var(--warning)}.information{color:var(--information)}.hint{color:var(--hint)}
.chips{display:flex;flex-wrap:wrap;gap:6px}
.chips code{background:var(--card);border:1px solid var(--line);border-radius:5px;padding:1px 7px}
ul.findings{list-style:none;margin:0;padding:0}
ul.findings>li{border-left:3px solid currentColor;padding:4px 0 4px 14px;margin:10px 0}
ul.findings>li>*{color:var(--ink)}
ul.findings .about,ul.findings .about code{color:var(--quiet);font-size:.88rem}
ul.findings ol{margin:6px 0 0;padding-left:22px;font-size:.9rem}
.nothing{color:var(--quiet);padding:10px 0}
footer{color:var(--quiet);font-size:.85rem;padding:8px 24px 40px}
@media print{.tools,.theme{display:none}section.driver{break-inside:auto;border:0}}
`;
