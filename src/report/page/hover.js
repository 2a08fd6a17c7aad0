/* Shows the values of the step that the pointer is over. Without it the page lacks nothing else. */
'use strict';

const SVG = 'http://www.w3.org/2000/svg';

function textOf(value, unit) {
  if (unit === 'share') return `${(100 * value).toFixed(1)}%`;
  return `${Number(value.toPrecision(4))}${unit === 'seconds' ? ' s' : ''}`;
}

function lineOf(series, row, unit) {
  const item = document.createElement('li');
  item.className = series.tone;
  const bounds = series.low ? ` (${textOf(series.low[row], unit)} to ${textOf(series.high[row], unit)})` : '';
  item.append(document.createElement('i'), `${series.label} ${textOf(series.values[row], unit)}${bounds}`);
  return item;
}

function nearest(steps, step) {
  return steps.reduce((best, it, row) => (Math.abs(it - step) < Math.abs(steps[best] - step) ? row : best), 0);
}

for (const figure of document.querySelectorAll('figure.chart')) {
  const { steps, unit, lastStep, width, plot, series } = JSON.parse(figure.dataset.chart);
  const svg = figure.querySelector('svg');
  const rule = document.createElementNS(SVG, 'line');
  const tip = document.createElement('div');
  rule.setAttribute('class', 'rule');
  rule.setAttribute('y1', plot.top);
  rule.setAttribute('y2', plot.bottom);
  tip.className = 'tip';
  tip.hidden = true;
  figure.append(tip);

  const hide = () => {
    tip.hidden = true;
    rule.remove();
  };
  const show = (event) => {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    const perStep = (plot.right - plot.left) / lastStep;
    const row = nearest(steps, (at.x - plot.left) / perStep);
    const x = plot.left + steps[row] * perStep;
    rule.setAttribute('x1', x);
    rule.setAttribute('x2', x);
    svg.append(rule);
    const head = document.createElement('b');
    head.textContent =
      width > 1 ? `steps ${Math.max(1, steps[row] - width + 1)} to ${steps[row]}, mean` : `step ${steps[row]}`;
    const list = document.createElement('ul');
    list.append(...series.filter(({ values }) => values[row] !== null).map((it) => lineOf(it, row, unit)));
    tip.replaceChildren(head, list);
    tip.hidden = false;
    tip.classList.toggle('left', x > (plot.left + plot.right) / 2);
  };
  if (steps.length === 0) continue;
  svg.addEventListener('pointermove', show);
  svg.addEventListener('pointerdown', show);
  svg.addEventListener('pointerleave', hide);
}
