/** The one sheet of all pages. Text has a contrast of at least 4.5 to 1 on its ground, in the light and in the dark. */
const LIGHT =
  '--ground:#eef1f4;--sheet:#fff;--ink:#1b2430;--pale:#55606e;--line:#d5dbe2;--act:#0b5cad;--on-act:#fff;--quiet:#1d6b3e;--news:#0b5cad;--decision:#8a4b00;--alarm:#b3121d';
const DARK =
  '--ground:#12161b;--sheet:#1c222a;--ink:#e8edf3;--pale:#a9b4c0;--line:#3a4450;--act:#9cc7f5;--on-act:#0c1a29;--quiet:#7fd6a2;--news:#9cc7f5;--decision:#f0b765;--alarm:#ff9a9f';

export const SHEET = [
  `:root{color-scheme:light dark;${LIGHT}}`,
  `@media (prefers-color-scheme:dark){:root{${DARK}}}`,
  '*{box-sizing:border-box}',
  "body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.45 -apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif}",
  'header,main,footer{max-width:1100px;margin:0 auto;padding:0 20px}',
  'header{padding-top:16px;padding-bottom:12px}',
  'nav{display:flex;flex-wrap:wrap;gap:6px 18px;align-items:baseline}',
  'nav strong{font-size:17px;margin-right:8px}',
  'a{color:var(--act)}',
  'nav a{text-decoration:none}nav a[aria-current]{font-weight:600;border-bottom:2px solid}',
  'main{background:var(--sheet);padding:24px 20px;border-radius:6px}',
  'footer{padding-top:12px;padding-bottom:24px;color:var(--pale);font-size:13px}',
  'h1{font-size:22px;line-height:1.3;margin:0 0 10px}h2{font-size:17px;margin:28px 0 8px}h3{font-size:15px;margin:20px 0 6px}',
  'h1,h2,h3,p,li,td,th{overflow-wrap:anywhere}',
  'p{margin:0 0 8px}ul{margin:0 0 8px;padding-left:20px}li{margin-bottom:4px}',
  '.severity{border-left:5px solid;padding-left:14px}.badge{font-weight:600;font-size:13px;margin:0}',
  '.severity h1{color:var(--ink)}.quiet{color:var(--quiet)}.news{color:var(--news)}.decision{color:var(--decision)}.alarm{color:var(--alarm)}',
  '.note{border:1px solid var(--line);border-left:5px solid var(--decision);padding:10px 14px;margin:0 0 16px}',
  '.figures{display:flex;flex-wrap:wrap;gap:10px;margin:16px 0;padding:0;list-style:none}',
  '.figures li{flex:1 1 120px;border:1px solid var(--line);border-radius:4px;padding:10px;text-align:center;margin:0;color:var(--pale);font-size:13px}',
  '.figures b{display:block;font-size:22px;color:var(--ink)}',
  'table{width:100%;border-collapse:collapse;font-size:14px}th,td{text-align:left;vertical-align:top;padding:7px 10px 7px 0;border-bottom:1px solid var(--line)}',
  'thead th{color:var(--pale);font-size:12px;border-bottom-width:2px}tbody th{font-weight:600}',
  '.number{text-align:right;white-space:nowrap}.k{white-space:nowrap}.pale{color:var(--pale);font-size:13px}',
  'form{margin:10px 0}fieldset{min-width:0;border:1px solid var(--line);border-radius:6px;margin:16px 0;padding:12px 16px}legend{font-weight:600;padding:0 6px}',
  'label{display:block;margin:6px 0}.choice{margin:-4px 0 0;white-space:nowrap}input,textarea{font:inherit;color:inherit;background:var(--ground);border:1px solid var(--pale);border-radius:4px;padding:6px 8px;max-width:100%}',
  'input[type=checkbox]{width:24px;height:24px;margin-right:8px;vertical-align:-6px;accent-color:var(--act)}',
  'button{font:inherit;font-weight:600;padding:8px 16px;border-radius:4px;border:1px solid var(--act);background:var(--act);color:var(--on-act);cursor:pointer;margin:6px 10px 0 0}',
  'button.other{background:transparent;color:var(--act)}',
  ':focus-visible{outline:3px solid var(--decision);outline-offset:2px}',
  // On a phone the cells of a row stand below each other, each behind its column's name.
  '@media (max-width:640px){input[type=text],input[type=search],input[type=date]{width:100%;font-size:16px}header,footer{padding-left:14px;padding-right:14px}main{padding:18px 14px;border-radius:0}',
  'thead{display:none}table,tbody,tr,th,td{display:block}td,th{border:0;padding:1px 0}tr{border-bottom:1px solid var(--line);padding:8px 0}',
  "td[data-label]:not(:empty)::before{content:attr(data-label) ': ';color:var(--pale)}.number{text-align:left}}",
].join('');
