'use strict';
// The page reads without this script. It adds: values at the pointer and by arrow keys, tables
// that sort, folds that open for print. Text only ever goes through textContent.

// Farther from the pointer than this, in pixels, a value is not meant.
const REACH = 60;

function pictureThatAnswers(figure) {
  const script = figure.querySelector('script[type="application/json"]');
  const title = figure.querySelector('svg > title');
  if (title) {
    // The name stays for screen readers; the browser's own tooltip would cover ours.
    title.parentNode.setAttribute('aria-label', title.textContent);
    title.remove();
  }
  if (!script) return;
  const { size: [width, height], marks } = JSON.parse(script.textContent);
  const plot = figure.querySelector('.plot');
  const stage = figure.querySelector('.stage');
  const spoken = figure.querySelector('[aria-live]');
  const part = name => {
    const element = document.createElement('div');
    element.className = name;
    element.hidden = true;
    stage.append(element);
    return element;
  };
  const [cross, dot, tip] = ['cross', 'dot', 'tip'].map(part);
  tip.setAttribute('role', 'tooltip');
  let current = -1;

  const hide = () => { for (const e of [cross, dot, tip]) e.hidden = true; };
  const show = i => {
    current = i;
    const [x, y, text] = marks[i];
    const left = x / width * stage.clientWidth;
    const top = y / height * stage.clientHeight;
    for (const e of [cross, dot, tip]) e.hidden = false;
    cross.style.left = left + 'px';
    dot.style.left = left + 'px';
    dot.style.top = top + 'px';
    tip.textContent = text;
    const room = stage.clientWidth - tip.offsetWidth;
    tip.style.left = Math.max(0, Math.min(room, left + 14)) + 'px';
    const above = top - tip.offsetHeight - 12;
    tip.style.top = (above > 0 ? above : top + 14) + 'px';
  };
  const nearest = event => {
    const box = stage.getBoundingClientRect();
    const at = [event.clientX - box.left, event.clientY - box.top];
    let best = -1, least = REACH * REACH;
    marks.forEach(([x, y], i) => {
      const d = (x / width * box.width - at[0]) ** 2 + (y / height * box.height - at[1]) ** 2;
      if (d < least) [best, least] = [i, d];
    });
    return best;
  };
  plot.addEventListener('pointermove', event => {
    const i = nearest(event);
    if (i < 0) hide(); else show(i);
  });
  plot.addEventListener('pointerleave', hide);
  plot.addEventListener('blur', hide);
  plot.addEventListener('keydown', event => {
    const last = marks.length - 1;
    const to = {
      ArrowRight: current >= last ? 0 : current + 1, ArrowDown: current >= last ? 0 : current + 1,
      ArrowLeft: current <= 0 ? last : current - 1, ArrowUp: current <= 0 ? last : current - 1,
      Home: 0, End: last,
    }[event.key];
    if (event.key === 'Escape') hide();
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    show(to);
    spoken.textContent = marks[to][2] + ' (' + (to + 1) + ' of ' + marks.length + ')';
  });
}

const UNITS = { ns: 1e-9, us: 1e-6, ms: 1e-3, s: 1, min: 60, h: 3600, d: 86400, '%': 0.01 };

// The number a cell shows, in one unit; NaN for text. `4.00 ± 0.02 ms` is 0.004.
function valueOf(text) {
  const found = /^[≤≥]?\s*([-+−]?[\d,]*\.?\d+(?:e[-+]?\d+)?)/.exec(text);
  if (!found) return NaN;
  const unit = text.trim().split(/\s+/).pop();
  const number = parseFloat(found[1].replace(/,/g, '').replace('−', '-'));
  return number * (Object.hasOwn(UNITS, unit) ? UNITS[unit] : 1);
}

function compare(a, b) {
  if (a.empty !== b.empty) return a.empty ? 1 : -1;
  const numbers = [a, b].map(k => Number.isNaN(k.value));
  if (numbers[0] !== numbers[1]) return numbers[0] ? 1 : -1;
  return numbers[0] ? a.text.localeCompare(b.text, 'en', { numeric: true }) : a.value - b.value;
}

function tableThatSorts(table) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => head.querySelector('button').addEventListener('click', () => {
    const down = head.getAttribute('aria-sort') === 'ascending';
    const body = table.tBodies[0];
    const keyed = [...body.rows].map(row => {
      const text = row.cells[column].textContent;
      return { row, text, value: valueOf(text), empty: text === '' || text[0] === '-' && Number.isNaN(valueOf(text)) };
    });
    // What has no value stays at the end either way.
    keyed.sort((a, b) => down && a.empty === b.empty ? compare(b, a) : compare(a, b));
    body.append(...keyed.map(k => k.row));
    heads.forEach(h => h.removeAttribute('aria-sort'));
    head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
    document.getElementById('sorted').textContent =
      'Sorted by ' + head.textContent + ', ' + (down ? 'descending' : 'ascending');
  }));
}

document.querySelectorAll('figure').forEach(pictureThatAnswers);
document.querySelectorAll('table.sorts').forEach(tableThatSorts);

const folds = document.querySelectorAll('details.print');
let opened = [];
addEventListener('beforeprint', () => {
  opened = [...folds].filter(fold => !fold.open);
  opened.forEach(fold => { fold.open = true; });
});
addEventListener('afterprint', () => opened.forEach(fold => { fold.open = false; }));
