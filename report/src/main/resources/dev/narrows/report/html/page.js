'use strict';
// Turns the data of a report into a page. Text goes in as text, never as markup.
(() => {
  const started = performance.now();
  const data = JSON.parse(document.getElementById('data').textContent);
  data.runs.map(({name}, i, all) => all.findIndex(run => run.name === name) === i ? name : `${name} (${i + 1})`)
    .forEach((name, i) => { data.runs[i].name = name; });
  const main = document.getElementById('content');
  const drawn = []; // {box, draw}: every chart on the page, so that all can be drawn again

  const el = (name, attributes = {}, ...children) => {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key.startsWith('on')) node.addEventListener(key.slice(2), value);
      else if (value !== undefined && value !== false) node.setAttribute(key, value === true ? '' : value);
    }
    node.append(...children.filter(child => child !== undefined && child !== null));
    return node;
  };
  // Rounds the decimal number that is stored, halves up, as the text of tables elsewhere does: toFixed makes 37.425 37.42.
  const halfUp = (value, digits) => String(value).includes('e') ? value : Number(Math.round(Number(value + 'e' + digits)) + 'e-' + digits);
  const fixed = (value, digits = 2) => value === undefined ? '' : halfUp(value, digits).toFixed(digits);
  const percent = value => value === undefined ? '' : fixed(value) + '\u202f%';
  /** A value of accuracy, or of the measure that stands beside it. */
  const figure = (value, measure) => {
    const one = narrowsCharts.measure(measure);
    return one.unit === '%' ? percent(value) : value.toFixed(one.decimals) + (one.unit && '\u202f' + one.unit);
  };
  const unbroken = text => text.replaceAll(' %', '\u202f%').replace(/(\d)\.\.(\d)/g, '$1\u2026$2');
  const count = value => value === undefined ? '' : value.toLocaleString('en-US');
  const share = (part, all) => all === 0 ? 0 : 100 * part / all;
  const widthOf = (low, high) => low < 0
    ? Math.max(2, 1 + Math.ceil(Math.log2(Math.max(-low, high + 1)))) : Math.max(1, Math.ceil(Math.log2(high + 1)));

  // ---- theme ----
  const themes = ['system', 'light', 'dark'];
  const dark = matchMedia('(prefers-color-scheme: dark)');
  let theme = 'system';
  try { theme = themes.includes(localStorage.narrowsTheme) ? localStorage.narrowsTheme : 'system'; } catch { /* no storage */ }
  let printing = false;
  const look = () => !printing && (theme === 'dark' || theme === 'system' && dark.matches) ? 'dark' : 'light';
  const button = document.getElementById('theme');
  function applyTheme() {
    document.documentElement.dataset.theme = look();
    button.textContent = 'Theme: ' + (theme === 'system' ? 'as the system' : theme);
    drawn.forEach(redraw);
  }
  button.addEventListener('click', () => {
    theme = themes[(themes.indexOf(theme) + 1) % themes.length];
    try { localStorage.narrowsTheme = theme; } catch { /* no storage */ }
    applyTheme();
  });
  dark.addEventListener('change', applyTheme);
  const closed = []; // what paper shows though it is closed: what columns mean
  addEventListener('beforeprint', () => {
    printing = true;
    closed.push(...document.querySelectorAll('details.terms:not([open])'));
    closed.forEach(details => { details.open = true; });
    [...waiting.keys()].forEach(arrived);
    applyTheme();
  });
  addEventListener('afterprint', () => {
    printing = false;
    closed.splice(0).forEach(details => { details.open = false; });
    applyTheme();
  });
  /** On every sheet of paper: the title, and which sheet of how many. A style sheet's text ends at quotes and lines. */
  const quoted = text => '"' + text.replace(/["\\\n\r\f<]/g, c => '\\' + c.codePointAt(0).toString(16) + ' ') + '"';
  const sheet = document.createElement('style');
  sheet.textContent = `@page { @bottom-left { content: ${quoted(data.title)}; font: 8pt sans-serif; color: #5b6577; }
    @bottom-right { content: counter(page) " of " counter(pages); font: 8pt sans-serif; color: #5b6577; } }`;
  document.head.append(sheet);

  // ---- charts ----
  const SAVED_WIDTH = 900; // as report --charts draws them
  const tip = document.getElementById('tip');
  function showTip(_, event, item, value) {
    if (value === null || value === undefined || value === '') { tip.hidden = true; return; }
    const rows = typeof value === 'object' ? Object.entries(value) : [['', value]];
    tip.replaceChildren(el('table', {}, el('tbody', {}, ...rows.map(([k, v]) => el('tr', {}, el('td', {}, k), el('td', {}, String(v)))))));
    tip.hidden = false;
    const {width, height} = tip.getBoundingClientRect();
    tip.style.left = Math.max(4, Math.min(event.clientX + 14, innerWidth - width - 8)) + 'px';
    tip.style.top = (event.clientY + height + 24 > innerHeight ? event.clientY - height - 10 : event.clientY + 16) + 'px';
  }
  function redraw(chart) {
    if (chart.paint) {
      chart.paint();
      chart.width = Math.floor(chart.box.clientWidth);
      return;
    }
    const width = printing ? 700 : Math.floor(chart.box.clientWidth);
    if (width < 40) return;
    chart.view?.finalize();
    const specification = chart.draw(narrowsCharts.LOOKS[look()], width - 10);
    chart.box.replaceChildren();
    chart.view = new vega.View(vega.parse(vegaLite.compile(specification).spec), {renderer: 'svg', logLevel: vega.Error})
      .tooltip(showTip).initialize(chart.box).hover().run();
    if (chart.pick) chart.view.addEventListener('click', (_, item) => item?.datum?.drill !== undefined && chart.pick(item.datum.drill));
    chart.width = width;
  }
  const fileName = text => text.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^-+|-+$/g, '');
  function chart(id, draw, pick) {
    const box = el('div', {class: 'chart', id});
    const name = id.replace(/^r(\d+)-chart-/, (_, i) => several ? fileName(data.runs[i].name) + '-' : '');
    const figure = el('div', {}, box, tools(name, (form, file) => narrowsExport.file(form, file, draw(narrowsCharts.LOOKS.light, SAVED_WIDTH))));
    drawn.push({box, draw, pick, figure});
    return figure;
  }
  /** Buttons that save a chart: save(form, name of the file without its end). */
  function tools(name, save) {
    const button = form => el('button', {type: 'button', 'aria-label': `Save the chart ${name} as ${form}`,
      onclick: () => save(form, fileName(`${data.title}-${name}`))}, form);
    return el('div', {class: 'tools', role: 'group', 'aria-label': 'Save the chart'}, 'Save', button('SVG'), button('PNG'), button('CSV'));
  }
  let pending;
  new ResizeObserver(() => {
    clearTimeout(pending);
    pending = setTimeout(() => drawn.filter(c => !printing && Math.floor(c.box.clientWidth) !== c.width).forEach(redraw), 120);
  }).observe(main);

  // ---- tables ----
  /** columns: {title, value(row), text?(row), number?, hint?}; the first one heads its row. */
  function table(caption, columns, rows, {id, rowClass, open, wrap} = {}) {
    const body = el('tbody');
    const fill = sorted => body.replaceChildren(...sorted.map(row => el('tr', {class: rowClass?.(row)},
      ...columns.map((column, i) => {
        const text = column.text ? column.text(row) : String(column.value(row) ?? '');
        return i === 0
          ? el('th', {scope: 'row', title: text}, open ? el('button', {type: 'button', onclick: () => open(row)}, text) : text)
          : el('td', {class: column.number ? 'number' : undefined, 'data-label': wrap ? column.title : undefined}, text);
      }))));
    const heads = columns.map(column => {
      const head = el('th', {scope: 'col', class: column.number ? 'number' : undefined, title: column.hint});
      // an accumulator's text may break after its colons, where headings wrap: on paper
      const parts = column.title.split(/(?<=:)/).flatMap((part, i) => i ? [el('wbr'), part] : [part]);
      head.append(el('button', {type: 'button', onclick: () => sort(column, head)}, ...parts));
      return head;
    });
    function sort(column, head) {
      // numbers start with the largest: that is what people look for
      const before = head.getAttribute('aria-sort');
      const up = before ? before === 'descending' : !column.number;
      heads.forEach(other => other.removeAttribute('aria-sort'));
      head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
      const key = row => column.value(row);
      const absent = v => v === undefined || v === '';
      fill([...rows].sort((a, b) => {
        const [x, y] = [key(a), key(b)];
        if (absent(x) || absent(y)) return absent(x) - absent(y);
        return (up ? 1 : -1) * (column.number ? x - y : String(x).localeCompare(String(y), 'en', {numeric: true}));
      }));
    }
    fill(rows);
    const explained = columns.filter(column => column.hint);
    const terms = explained.length ? el('details', {class: 'terms'}, el('summary', {}, 'What the columns mean'),
      el('dl', {class: 'plain'}, ...explained.flatMap(column => [el('dt', {}, column.title), el('dd', {}, column.hint + '.')]))) : undefined;
    const whole = el('div', {class: wrap ? 'scroll whole' : 'scroll', tabindex: '0', role: 'group', 'aria-label': 'Table: ' + caption},
      el('table', {id, class: wrap ? 'wrap' : undefined}, el('caption', {class: 'hidden'}, caption), el('thead', {}, el('tr', {}, ...heads)), body));
    return terms ? el('div', {class: 'told'}, whole, terms) : whole;
  }

  // one run: its sections are right below the page's title; several: below the run's
  const several = data.runs.length > 1;
  const heading = (depth, attributes, ...content) => el('h' + (several ? depth + 1 : depth), attributes, ...content);
  const subtitle = (text, attributes = {}) => heading(3, {class: 'sub', ...attributes}, text);
  const runOf = id => several ? /^r\d+-/.exec(id)?.[0] : undefined;
  /** A landmark: its name is its title, with that of its run where there are several. */
  const section = (id, title, hint, ...content) => el('section', {class: 'card', id, 'aria-labelledby': [id + '-title', runOf(id)].filter(Boolean).join(' ')},
    (runOf(id) ? heading(2, {id: id + '-title', class: 'title'}, title) : el('h2', {id: id + '-title', class: 'title'}, title)), hint ? el('p', {class: 'hint'}, ...[hint].flat()) : null, ...content);
  /** What one can do on a screen, and not on paper. */
  const onScreen = text => el('span', {class: 'screen'}, ' ' + text);

  // ---- parts of a run ----
  /** Verdicts on targets: what the page begins with. */
  function targetSections(run, prefix) {
    const verdicts = narrowsCharts.analyses(run).filter(a => a.target).map(a => a.target);
    const words = {'safe': 'Safe for every input', 'safe-on-data': 'Safe on these data, not proved', 'unsafe': 'Unsafe'};
    return verdicts.map((target, i, all) => {
      const tail = all.length > 1 ? `-${i + 1}` : '';
      const clean = layer => layer.seen && layer.seen.overflowing === 0;
      const word = layer => layer.proved ? 'safe' : clean(layer) ? 'safe on data' : 'unsafe';
      const pair = layer => layer.pairs?.worst;
      const signed = (lo, hi) => 1 + Math.ceil(Math.log2(Math.max(-lo, hi + 1)));
      const needs = layer => pair(layer) ? signed(pair(layer).lo, pair(layer).hi) : layer.widest?.bits;
      const span = w => `${count(w.lo)} … ${count(w.hi)}`;
      const widest = layer => pair(layer)
        ? `channel ${pair(layer).channel}, weights ${pair(layer).weights.join(' and ')}: ${span(pair(layer))}`
        : layer.widest ? `channel ${layer.widest.channel}: ${span(layer.widest)}` : '';
      const rows = [...target.layers].sort((a, b) => a.proved - b.proved);
      return named('Verdict', section(prefix + 'target' + tail, `Target ${target.name}: ${words[target.verdict]}`, `${target.registers[0].toUpperCase()}${target.registers.slice(1)}.`,
        el('p', {class: `verdict ${target.verdict}`}, unbroken(`${target.sentence[0].toUpperCase()}${target.sentence.slice(1)}.`)),
        target.advice.length ? subtitle('What can be done') : null,
        target.advice.length ? el('ul', {}, ...target.advice.map(text => el('li', {}, text))) : null,
        table('Verdict by layer', [
          {title: 'layer', value: l => l.name},
          {title: 'register', value: l => l.register},
          {title: 'verdict', value: word},
          {title: 'channels', value: l => l.channels, number: true},
          {title: 'unproved', value: l => l.unproved, number: true, hint: 'channels of which some input overflows, or may'},
          {title: 'needs', value: needs, number: true, hint: 'bits of the widest sum of any input'},
          {title: 'of', value: l => pair(l) ? 16 : l.bits, number: true, hint: 'bits of the register'},
          ...rows.some(l => l.seen) ? [
            {title: 'overflowing', value: l => l.seen?.overflowing, text: l => count(l.seen?.overflowing), number: true, hint: 'sums of the data that were run'},
            {title: 'of sums', value: l => l.seen?.sums, text: l => count(l.seen?.sums), number: true}] : [],
          {title: 'widest channel', value: widest},
        ], rows, {id: prefix + 'target-table' + tail, rowClass: l => word(l) === 'unsafe' ? 'failed' : undefined}),
        target.leftOut.length ? el('p', {class: 'hint'}, 'Left out: ' + target.leftOut.map(l => `${l.name} (${l.reason})`).join(', ') + '.') : null));
    });
  }

  /** Plans: the verdict, what they save and cost, and the layers with their registers. */
  function planSections(run, prefix) {
    return narrowsCharts.ofKind(run, 'plan').map((plan, i, all) => {
      const tail = all.length > 1 ? `-${i + 1}` : '';
      const drawing = narrowsCharts.of(run).find(c => c.id === 'plan' + tail);
      const bits = plan.totals.find(t => t.counted === 'bits');
      const saved = (part, of) => `${fixed(100 * (1 - part / of), 1)}\u202f%`;
      const card = (label, value, detail, kind) => el('li', {class: kind},
        el('span', {class: 'label'}, label), el('span', {class: 'value'}, value), el('span', {class: 'detail'}, detail));
      const seen = plan.confirmed;
      const verdict = !plan.held ? 'unsafe' : plan.promise === 'always' ? 'safe' : 'safe-on-data';
      const sure = plan.layers.filter(l => l.promise === 'always').length;
      return named('Plan', section(prefix + 'plan' + tail, plan.held ? 'A register for each layer' : 'A register for each layer, not confirmed',
        plan.repair ? `Repaired from ${plan.repair.original.file} on ${count(plan.repair.images)} ${narrowsCharts.examples(plan.repair.calibration)} of ${plan.repair.calibration}.` : null,
        el('p', {class: `verdict ${verdict}`}, unbroken(`${plan.sentence[0].toUpperCase()}${plan.sentence.slice(1)}.`)),
        el('ul', {class: 'figures'},
          card('Bits of all registers', count(bits.plan), `${Math.max(...plan.layers.map(l => l.bits))} at most; ${sure} of ${plan.layers.length} layers always exact`, 'main'),
          card('Against the file\u2019s own', saved(bits.plan, bits.own), `fewer than ${count(bits.own)}`),
          card('Against the data-type rule', saved(bits.plan, bits.dataType), `fewer than ${count(bits.dataType)}`),
          bits.uniform === undefined ? null : card('Against one width', saved(bits.plan, bits.uniform), `fewer than ${count(bits.uniform)}: ${plan.uniform} bits everywhere`),
          seen ? card(plan.scored === 'agreement' ? 'Agreement' : 'Accuracy', percent(seen.accuracy),
            `${percent(seen.exactAccuracy)} before, on ${count(seen.images)} ${narrowsCharts.examples(plan.dataset)} that the search did not see`, plan.held ? undefined : 'failed') : null),
        chart(prefix + 'chart-plan' + tail, drawing.draw),
        plan.exact.length ? el('p', {class: 'hint'}, 'On registers of their own: ' + plan.exact.join(', ') + '.') : null));
    });
  }

  function summary(run, prefix) {
    const s = run.summary;
    const cards = [];
    const card = (label, value, detail, kind) => cards.push(el('li', {class: kind === true ? 'main' : kind},
      el('span', {class: 'label'}, label), el('span', {class: 'value'}, value), el('span', {class: 'detail'}, detail)));
    const view = s.accuracies.reduce((a, b) => b.images > a.images ? b : a, s.accuracies[0]);
    const on = width => width.images === view.images ? '' : `, on ${count(width.images)} ${view.examples}`;
    for (const proof of s.certificates) {
      const what = `Certificate for ${proof.bits} bits${proof.ofTerms ? ', terms' : ''}`;
      const but = proof.skipped.length ? `; not covered: ${proof.skipped.join(', ')}` : '';
      if (!proof.layers) card(what, 'Proves nothing', 'it covers no layer' + but, 'failed');
      else if (proof.wider.length) card(what, 'Does not hold', `${proof.wider.length} of ${proof.layers} layers need up to ${proof.needed} bits${but}`, 'failed');
      else card(what, 'Holds', `${proof.layers} layers, ${proof.ofTerms ? 'every term fits; sums may not' : 'any input, any order'}${but}`);
    }
    if (s.trained) card('Trained to be safe in', `${s.trained} bits`, s.exactLayers.length ? `all layers but ${s.exactLayers.join(', ')}` : 'every layer', true);
    if (s.plain) card('Bits needed now', `${s.plain.bits} bits`, `${figure(s.plain.accuracy, s.plain.measure)} in plain saturating registers${on(s.plain)}`, true);
    if (s.reachable) card('Bits reachable', `${s.reachable.bits} bits`, `${figure(s.reachable.accuracy, s.reachable.measure)}, ${s.reachable.words}${on(s.reachable)}`, true);
    if (s.proven) card('Safe for any input', `${s.proven} bits`, 'proven: nothing can overflow, accuracy as in exact registers'
      + (s.exactLayers.length ? `; without ${s.exactLayers.join(', ')}` : ''));
    if (s.dataType && s.dataType !== s.proven) card('By the usual rule', `${s.dataType} bits`, 'from operand widths and lengths alone');
    if (s.seen) card('Widest sum seen', `${s.seen} bits`, 'no sum of the data needed more');
    if (view?.floatAccuracy !== undefined) card(view.measure ? 'In float' : 'Accuracy in float', figure(view.floatAccuracy, view.measure), `${count(view.images)} ${view.examples} of ${view.dataset}`);
    if (view?.exactAccuracy !== undefined) card('In exact integers', figure(view.exactAccuracy, view.measure), 'registers that cannot overflow');
    const analysis = narrowsCharts.analyses(run).find(a => a.accuracy !== undefined);
    if (analysis && view?.exactAccuracy === undefined) {
      card('In exact integers', percent(analysis.accuracy), `${analysis.interval ? `95\u202f%: ${span(analysis.interval)}, ` : ''}${count(analysis.images)} ${narrowsCharts.examples(analysis.dataset)} of ${analysis.dataset}`);
    }
    const all = analysis?.sensitivity?.layers.at(-1);
    if (all?.enough !== undefined) {
      const register = all.registers.find(r => r.bits === all.enough);
      card('Enough for all layers', `${all.enough} bits`, `${percent(register.accuracy)} with every layer at this width: ${register.summation.words}`);
    }
    if (!cards.length && !s.sentences.length) return []; // a reproduced figure has its own
    return [section(prefix + 'summary', 'Summary', null,
      cards.length ? el('ul', {class: 'figures'}, ...cards) : null, ...s.sentences.map(text => el('p', {}, unbroken(text))))];
  }

  function accuracyTable(view, prefix) {
    const rows = view.curves.flatMap(curve => curve.points.map(p => ({...p, way: curve.way, words: curve.words, enough: curve.smallest === p.bits})));
    const of = kind => ({title: kind + ' %', number: true, value: r => r.classes && share(r.classes[kind], r.classes.dots),
      text: r => r.classes ? fixed(share(r.classes[kind], r.classes.dots)) : ''});
    return table('Accuracies', [
      {title: 'sum', value: r => r.way, text: r => r.words},
      {title: 'bits', value: r => r.bits, number: true},
      {title: 'accuracy %', value: r => r.accuracy, text: r => fixed(r.accuracy), number: true},
      ...rows.some(r => r.interval) ? [{title: '95 %', value: r => r.interval?.low, text: r => span(r.interval), number: true}] : [],
      {title: 'unlike exact', value: r => r.differing, text: r => count(r.differing), number: true, hint: 'predictions that differ from the exact registers\u2019'},
      of('clean'), of('transient'), of('persistent'),
      {title: 'enough', value: r => r.enough ? 1 : 0, text: r => r.enough ? 'smallest' : '', number: true},
    ], rows, {id: prefix + 'accuracy-table', rowClass: r => r.enough ? 'enough' : undefined});
  }

  function accuracySections(run, prefix) {
    const charts = narrowsCharts.of(run);
    const draw = id => charts.find(c => c.id === id)?.draw;
    return run.summary.accuracies.flatMap((view, i, all) => {
      const tail = all.length > 1 ? `-${i + 1}` : '';
      const differ = all.some(other => other.network.sha256 !== view.network.sha256);
      const of = all.length === 1 ? '' : differ ? `: ${view.network.file}` : `: ${count(view.images)} ${view.examples} of ${view.dataset}`;
      const sections = [];
      if (draw('accuracy' + tail)) {
        sections.push(section(prefix + 'accuracy' + tail, 'Accuracy against register width' + of,
          `Each line is a way of summing. A ring marks the smallest width that, with every wider one, stays within ${view.allowedLoss} point of `
          + `${view.floatAccuracy !== undefined ? 'float' : 'exact registers'} (the shaded band). Dashed: float and exact registers.`
          + (view.curves.some(c => c.points.some(p => p.interval)) ? ' Bars: 95\u202f% intervals.' : '')
          + (narrowsCharts.trimmed(view) ? ' Wider registers, left out here, change nothing.' : '')
          + (view.curves.some(c => !c.buildable) ? ' \u201cresolved\u201d is the clamped exact sum: what a perfect order would give.' : ''),
          chart(prefix + 'chart-accuracy' + tail, draw('accuracy' + tail)),
          el('details', {}, el('summary', {}, 'The numbers as a table'), accuracyTable(view, prefix + tail))));
      }
      if (draw('cost' + tail)) {
        sections.push(section(prefix + 'cost' + tail, 'Cost beside ' + (view.measure ? 'quality' : 'accuracy') + of,
          'LUTs of all layers of dot products as matrix-vector units of one channel and four terms a cycle, by FINN\u2019s formula with the register\u2019s own width'
          + ' and a threshold for each step of the output codes. The dashed front: no cheaper register is as good. Exact registers count as 32 bits; orders that depend on the terms need units that sort, and are left out.',
          chart(prefix + 'chart-cost' + tail, draw('cost' + tail))));
      }
      if (draw('classes' + tail)) {
        sections.push(section(prefix + 'classes' + tail, 'Overflow by order of summing' + of,
          'Shares of all dot products in narrow registers. Persistent: the sum itself does not fit. Transient: the sum fits, an intermediate value does not.',
          chart(prefix + 'chart-classes' + tail, draw('classes' + tail))));
      }
      if (view.others.length) {
        sections.push(section(prefix + 'others' + tail, 'Other registers' + of,
          'Choices that are no single integer register: a register per layer, or floating-point registers. Layers that are not named keep exact registers.',
          othersTable(view, prefix + tail), ...registersByLayer(view, prefix + tail)));
      }
      return sections;
    });
  }

  /** Rows of an evaluation that are on no curve. */
  function othersTable(view, prefix) {
    const rows = view.others;
    const any = key => rows.some(r => r[key] !== undefined);
    const of = kind => ({title: kind + ' %', number: true, value: r => r.classes && share(r.classes[kind], r.classes.dots),
      text: r => r.classes ? fixed(share(r.classes[kind], r.classes.dots)) : ''});
    return table('Other registers', [
      {title: 'register', value: r => r.accumulator},
      ...any('loss') ? [{title: 'nats', value: r => r.loss?.nats, text: r => fixed(r.loss?.nats, 4), number: true}] : [],
      {title: 'accuracy %', value: r => r.accuracy, text: r => fixed(r.accuracy), number: true},
      ...any('interval') ? [{title: '95 %', value: r => r.interval?.low, text: r => span(r.interval), number: true}] : [],
      {title: 'unlike exact', value: r => r.differing, text: r => count(r.differing), number: true, hint: 'predictions that differ from the exact registers\u2019'},
      ...any('classes') ? [of('clean'), of('transient'), of('persistent')] : [],
    ], rows, {id: prefix + 'others-table'});
  }

  /** Which register each layer ran in, of choices that mix registers. */
  function registersByLayer(view, prefix) {
    const named = row => row.layers.filter(l => l.accumulator !== 'exact');
    return view.others.filter(row => new Set(row.layers.map(l => l.accumulator)).size > 1).map((row, i) =>
      el('details', {id: `${prefix}by-layer-${i + 1}`}, el('summary', {}, `${row.accumulator}: the register of each layer`),
        table('Registers by layer', [{title: 'layer', value: l => l.name}, {title: 'register', value: l => l.accumulator}], named(row))));
  }

  /** Two choices of registers on the same images. */
  function pairSections(run, prefix) {
    const found = narrowsCharts.ofKind(run, 'evaluation').filter(r => r.comparisons?.length);
    return found.map((result, i) => {
      const tail = found.length > 1 ? `-${i + 1}` : '';
      return named('Pairs', section(prefix + 'pairs' + tail, `Pairs on the same ${result.unigramNats === undefined ? narrowsCharts.examples(result.dataset) : 'masked characters'}`,
        'McNemar\u2019s exact test, not corrected for the number of pairs.',
        el('details', {}, el('summary', {}, `${result.comparisons.length} ${result.comparisons.length === 1 ? 'pair' : 'pairs'} as a table`), table('Pairs', [
          {title: 'first', value: c => c.first},
          {title: 'second', value: c => c.second},
          {title: 'only first right', value: c => c.onlyFirst, text: c => count(c.onlyFirst), number: true},
          {title: 'only second right', value: c => c.onlySecond, text: c => count(c.onlySecond), number: true},
          {title: 'p', value: c => c.p, text: c => probability(c.p), number: true},
        ], result.comparisons, {id: prefix + 'pairs-list' + tail}))));
    });
  }

  /** The layers of a certificate: those that need too many bits first. */
  function certificateSections(run, prefix) {
    const found = narrowsCharts.ofKind(run, 'certificate');
    return found.map((certificate, i) => {
      const tail = found.length > 1 ? `-${i + 1}` : '';
      const proof = run.summary.certificates[i];
      const bits = layer => Math.max(1, ...layer.channels.map(c => c.bits));
      const has = layer => layer.registerBits ?? certificate.bits; // a narrow register of its own
      const rows = [...certificate.layers].sort((a, b) => (bits(b) > has(b)) - (bits(a) > has(a)));
      const failed = proof.wider.length > 0;
      return named('Certificate', section(prefix + 'certificate' + tail,
        `Certificate for ${certificate.bits} bits: ${failed ? 'does not hold' : proof.layers ? 'holds' : 'proves nothing'}`,
        (proof.ofTerms ? 'What single terms can reach, by layer; sums may leave the register.' : 'What sums can reach on their way, by layer, for any input and in any order.')
        + (proof.skipped.length ? ` Not covered: ${proof.skipped.join(', ')}.` : ''),
        table('Certificate', [
          {title: 'layer', value: l => l.name},
          {title: 'channels', value: l => l.channels.length, number: true},
          {title: 'least', value: l => Math.min(...l.channels.map(c => c.lo)), text: l => count(Math.min(...l.channels.map(c => c.lo))), number: true},
          {title: 'greatest', value: l => Math.max(...l.channels.map(c => c.hi)), text: l => count(Math.max(...l.channels.map(c => c.hi))), number: true},
          {title: 'bits', value: bits, number: true},
          ...rows.some(l => l.register) ? [{title: 'register', value: l => l.register ?? `${certificate.bits} bits`}] : [],
          {title: 'channels that need more', value: l => l.channels.filter(c => c.bits > has(l)).length, number: true},
          {title: 'holds', value: l => bits(l) <= has(l) ? 'yes' : 'no'},
        ], rows, {id: prefix + 'certificate-table' + tail, rowClass: l => bits(l) > has(l) ? 'failed' : undefined})));
    });
  }

  /** What a chart says of results whose tables are printed as they are. */
  function chartSections(run, prefix) {
    return narrowsCharts.of(run).filter(c => /^(cost-luts|language-loss)(-\d+)?$/.test(c.id)).map(c =>
      section(`${prefix}${c.id}`, c.title, null, chart(`${prefix}chart-${c.id}`, c.draw)));
  }

  /** Results without a section of their own: their tables as they are printed. */
  function plainSections(run, prefix) {
    return run.results.flatMap(r => r.tables ?? []).map((printed, i) => section(`${prefix}table-${i + 1}`, printed.title, null,
      table(printed.title, printed.columns.map((title, j) => ({title, number: printed.numeric[j],
        value: row => printed.numeric[j] && row[j] !== '' ? Number(row[j].replaceAll(',', '')) : row[j], text: row => row[j]})),
      printed.rows, {id: `${prefix}printed-${i + 1}`})));
  }

  // ---- layers: each has a view, an address and a place in the search ----
  const layerViews = []; // {key, run, names: [...], told(name), open(name)}
  const addressOf = (key, name) => `#${key}=${encodeURIComponent(name)}`;

  /** Opens what the address names; such an address is sent to others. */
  function openAddress() {
    const [, key, name] = /^#(r\d+-layer(?:-\d+)?)=(.*)$/.exec(location.hash) ?? [];
    const view = layerViews.find(v => v.key === key);
    let wanted;
    try { wanted = decodeURIComponent(name ?? ''); } catch { return; } // not an address of ours
    if (view?.names.includes(wanted)) view.open(wanted, true, 'auto');
  }
  addEventListener('hashchange', openAddress);

  function setAddress(hash, replace) {
    if (location.hash === hash) return;
    try { history[replace ? 'replaceState' : 'pushState'](null, '', hash); } catch { /* a browser that keeps addresses of files */ }
  }

  /** certified: the channels of the layer in a certificate of the same run, if there is one. */
  function layerView(layer, prefix, box, key, certified) {
    const profile = layer.profile;
    const facts = el('dl', {},
      ...[['Kind', layer.kind], ['Terms K', count(layer.terms)], ['Channels', count(layer.channels)],
        ['Weights', `${layer.weightBits} bits`], ['Inputs', `${layer.inputRange[0]} \u2026 ${layer.inputRange[1]}`],
        ['Enough for any input', `${layer.bounds.signSum} bits`],
        ...profile ? [['Enough for the data', `${narrowsCharts.enoughFor(profile, 1)} bits`]] : [],
        ['Dot products', profile ? `${count(profile.dots)}, ${profile.order} order` : 'not profiled']]
        .flatMap(([k, v]) => [el('dt', {}, k), el('dd', {}, v)]));
    const title = subtitle('Layer ' + layer.name, {tabindex: '-1', id: prefix + 'layer-title'});
    for (const old of [...drawn]) if (box.contains(old.box)) { old.view?.finalize(); drawn.splice(drawn.indexOf(old), 1); }
    const classes = profile ? chart(prefix + 'chart-layer', (l, w) => narrowsCharts.layerClasses(layer, l, w)) : '';
    const channels = profile?.channels ? [subtitle(`Its ${profile.channels.length} channels`), chart(prefix + 'chart-channels', (l, w) => narrowsCharts.channels(layer, l, w))] : [];
    const seen = new Map((profile?.channels ?? []).map(c => [c.channel, narrowsCharts.enoughFor(c, 1)]));
    (profile?.channelWidths ?? []).forEach((bits, channel) => seen.set(channel, bits));
    const rows = (certified ?? layer.channelBounds?.map(bits => ({bits})) ?? []).map((c, channel) => ({...c, channel, seen: seen.get(channel)}));
    const bounds = rows.length ? el('details', {open: !channels.length}, el('summary', {}, `What each of its ${rows.length} channels needs`),
      table('Channels of ' + layer.name, [
        {title: 'channel', value: c => c.channel, number: true},
        ...certified ? [
          {title: 'least', value: c => c.lo, text: c => count(c.lo), number: true, hint: 'the least value that any input can make a partial sum'},
          {title: 'greatest', value: c => c.hi, text: c => count(c.hi), number: true, hint: 'the greatest value that any input can make a partial sum'}] : [],
        {title: 'safe', value: c => c.bits, number: true, hint: 'bits that are enough for any input'},
        ...seen.size ? [{title: 'seen', value: c => c.seen, number: true, hint: 'bits that the widest sum of the data needed'}] : [],
      ], rows, {id: prefix + 'layer-channels'})) : '';
    const none = channels.length || rows.length ? '' : el('p', {class: 'note'}, data.channelsLeftOut.includes(layer.name)
      ? 'Its channels are left out, to keep this file small; the stored analysis has them.'
      : 'This analysis holds no channels: analyze --channels stores them.');
    box.replaceChildren(title, el('p', {class: 'hint'}, el('a', {href: addressOf(key, layer.name)}, 'Link to this layer')), facts, classes, ...channels, bounds, none);
    box.hidden = false;
    drawn.filter(c => box.contains(c.box)).forEach(redraw);
  }

  function analysisSections(run, prefix) {
    const charts = narrowsCharts.of(run);
    const certificate = run.results.find(r => r.schema.startsWith('narrows/certificate/') && r.conventions?.guarantee !== 'terms');
    const certified = new Map((certificate?.layers ?? []).map(l => [l.name, Math.max(1, ...l.channels.map(c => c.bits))]));
    return narrowsCharts.analyses(run).flatMap((analysis, i, all) => {
      const tail = all.length > 1 ? `-${i + 1}` : '';
      const draw = id => charts.find(c => c.id === id + tail)?.draw;
      const sections = [];
      const box = el('div', {class: 'layer', id: prefix + 'layer' + tail, hidden: true});
      const profiled = analysis.layers.filter(l => l.profile);
      const select = el('select', {id: prefix + 'layer-choice' + tail, onchange: () => select.value && openLayer(select.value, false)},
        el('option', {value: ''}, 'choose a layer'), ...profiled.map(l => el('option', {value: l.name}, l.name)));
      const key = prefix + 'layer' + tail;
      function openLayer(name, focus = true, behavior = matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth') {
        const layer = analysis.layers.find(l => l.name === name);
        if (!layer) return;
        select.value = name;
        layerView(layer, prefix + tail, box, key, certificate?.layers.find(l => l.name === name)?.channels);
        setAddress(addressOf(key, name), !focus);
        const title = box.querySelector('.sub');
        if (focus) title.focus({preventScroll: true});
        title.scrollIntoView({block: 'start', behavior});
      }
      layerViews.push({key, run: run.name, names: analysis.layers.map(l => l.name), open: openLayer, told: name => {
        const layer = analysis.layers.find(l => l.name === name);
        return `${layer.bounds.signSum} bits safe` + (layer.profile ? `, ${narrowsCharts.enoughFor(layer.profile, 1)} seen` : '');
      }});
      if (draw('overflow')) {
        sections.push(section(prefix + 'overflow' + tail, 'Where it overflows: layer by width',
          [`${count(analysis.images)} ${narrowsCharts.examples(analysis.dataset)} of ${analysis.dataset}, ${profiled[0].profile.order} order. An empty cell: not one dot product.`,
            onScreen('Click a cell, or choose a layer, to see '
              + (profiled.some(l => l.profile.channels) ? 'its channels.' : profiled.some(l => l.channelBounds) ? 'what its channels need.' : 'the layer alone. This analysis holds no channels: analyze --channels stores them.'))],
          chart(prefix + 'chart-overflow' + tail, draw('overflow'), name => openLayer(name)),
          el('div', {class: 'bar'}, el('label', {for: prefix + 'layer-choice' + tail}, 'Look into'), select), box));
      }
      if (analysis.sensitivity) sections.push(...sensitivitySections(analysis.sensitivity, draw('sensitivity'), prefix, tail));
      if (draw('ranges')) {
        const register = run.summary.reachable?.bits ?? run.summary.proven;
        sections.push(section(prefix + 'ranges' + tail, 'Range of the partial sums over the range of the register',
          (profiled.length ? 'Bar: the widths that 1\u202f% to 99\u202f% of a layer\u2019s dot products need on their way, black tick: half of them, thin line: up to the widest seen. ' : '')
          + `Green: what a register of ${register} bits holds. Points: widths that are always enough.`,
          chart(prefix + 'chart-ranges' + tail, draw('ranges'))));
      }
      sections.push(...networkSections(analysis, prefix, tail, key));
      const anyZero = analysis.layers.some(l => l.bounds.zeroCentred !== undefined);
      const columns = [
        {title: 'layer', value: l => l.name},
        {title: 'kind', value: l => l.kind},
        {title: 'K', value: l => l.terms, text: l => count(l.terms), number: true, hint: 'terms of one dot product: how many products are summed'},
        {title: 'channels', value: l => l.channels, number: true},
        {title: 'W', value: l => l.weightBits, number: true, hint: 'bits of the narrowest integer type that holds the layer\u2019s weights'},
        {title: 'A', value: l => widthOf(...l.inputRange), number: true, hint: 'bits of the integers that the weights are multiplied with: the layer\u2019s inputs, also called activations'},
        {title: 'inputs', value: l => l.inputRange[1], text: l => `${l.inputRange[0]} … ${l.inputRange[1]}`, number: true},
        {title: 'data type', value: l => l.bounds.dataType, number: true, hint: 'enough for any weights and inputs of these widths'},
        {title: 'l1', value: l => l.bounds.l1, number: true, hint: 'enough for any input, by the l1 norm of the weights'},
        ...anyZero ? [{title: 'zero-centred', value: l => l.bounds.zeroCentred, number: true}] : [],
        {title: 'sign-sum', value: l => l.bounds.signSum, number: true, hint: 'exact: enough for any input and order, and one bit less is not'},
        ...certified.size ? [{title: 'certified', value: l => certified.get(l.name), number: true, hint: 'from the certificate'}] : [],
        {title: 'term', value: l => l.termBits, number: true, hint: 'bits of the widest single product of a weight and an input; a register below it overflows in any order'},
        ...profiled.length ? [
          {title: 'seen', value: l => l.profile && narrowsCharts.enoughFor(l.profile, 1), number: true, hint: 'no sum of the data needed more'},
          {title: 'half', value: l => l.profile && narrowsCharts.enoughFor(l.profile, 0.5), number: true, hint: 'enough for half of the dot products'},
          {title: 'dot products', value: l => l.profile?.dots, text: l => count(l.profile?.dots), number: true}] : [],
        {title: 'register', value: l => l.accumulator},
        ...analysis.layers.some(l => l.runtimeRegister) ? [{title: 'runtime\u2019s', value: l => l.optimizedRegister ? `${l.runtimeRegister}, optimised ${l.optimizedRegister}` : l.runtimeRegister, hint: 'what the file\u2019s own runtime sums in'}] : [],
      ];
      sections.push(section(prefix + 'layers' + tail, 'Layers', ['Widths in bits.', onScreen('Click a heading to sort, a name to look into the layer.')],
        table('Layers', columns, analysis.layers, {id: prefix + 'layers-table' + tail, open: l => openLayer(l.name)}), draw('overflow') ? '' : box));
      if (analysis.statedRegisters) {
        sections.push(section(prefix + 'stated' + tail, 'Registers that the file states',
          'Certified: weights and inputs prove the width that the file states. At odds: they need more bits.',
          table('Registers that the file states', [
            {title: 'layer', value: r => r.layer},
            {title: 'stated', value: r => r.bits, number: true, hint: 'bits that the file states'},
            {title: 'needed', value: r => r.needed, number: true, hint: 'bits that weights and inputs need'},
            {title: 'guarantee', value: r => r.guarantee, hint: 'sums: no partial sum overflows; terms: no product does'},
            {title: 'zero', value: r => r.zero},
            {title: 'bias', value: r => r.bias},
            {title: 'standing', value: r => r.standing},
          ], analysis.statedRegisters, {id: prefix + 'stated-table' + tail})));
      }
      sections.push(...channelSections(analysis, prefix, tail), ...platformSections(analysis, prefix, tail));
      return sections;
    });
  }

  const waiting = new Map(); // box: what to do when it comes near the window, or the page is printed
  const observer = new IntersectionObserver(seen => seen.filter(one => one.isIntersecting).forEach(one => arrived(one.target)), {rootMargin: '600px'});
  function whenNear(box, then) { waiting.set(box, then); observer.observe(box); }
  function arrived(box) {
    observer.unobserve(box);
    const then = waiting.get(box);
    waiting.delete(box);
    then?.();
  }

  /** Drawing a larger graph takes seconds: it waits until somebody asks. */
  const MOST_STEPS = 400;

  /** The network as a graph, its layers coloured by a width. */
  function networkSections(analysis, prefix, tail, key) {
    const figures = analysis.steps ? narrowsGraph.figures(analysis) : [];
    if (!figures.length) return [];
    let figure = figures[0].value;
    const box = el('div', {class: 'graph', id: prefix + 'graph' + tail, tabindex: '0', role: 'group', 'aria-label': 'The network as a graph'});
    const drawing = (look, address) => narrowsGraph.draw(analysis, figure, look, address);
    const entry = {box, paint: () => box.replaceChildren(drawing(narrowsCharts.LOOKS[look()], name => addressOf(key, name)))};
    const select = el('select', {id: prefix + 'graph-figure' + tail, onchange: () => { figure = select.value; if (drawn.includes(entry)) redraw(entry); }},
      ...figures.map(f => el('option', {value: f.value}, f.words)));
    const first = () => { drawn.push(entry); redraw(entry); };
    if (analysis.steps.length > MOST_STEPS) box.append(el('button', {type: 'button', onclick: first}, `Draw all ${count(analysis.steps.length)} steps`));
    else whenNear(box, first);
    const name = (several ? fileName(data.runs[Number(prefix.match(/\d+/)[0])].name) + '-' : '') + 'network' + tail;
    return [named('Network', section(prefix + 'network' + tail, 'The network', ['Boxes are layers that sum, darker with more bits; grey are the steps between them.', onScreen('Click a box to look into its layer.')],
      el('div', {class: 'bar'}, el('label', {for: prefix + 'graph-figure' + tail}, 'Colour by'), select), box,
      tools(name, (form, file) => narrowsExport.drawing(form, file, drawing(narrowsCharts.LOOKS.light), narrowsGraph.rows(analysis)))))];
  }

  const probability = p => p >= 0.0001 || p === 0 ? fixed(p, 4) : p.toExponential(1);
  const span = interval => interval ? `${fixed(interval.low)} \u2026 ${fixed(interval.high)}` : '';

  /** Accuracy with one layer narrowed at a time. */
  function sensitivitySections(result, draw, prefix, tail) {
    const at = (layer, bits) => layer.registers.find(r => r.bits === bits);
    const rows = result.layers.flatMap(l => l.registers.map(r => ({...r, name: l.name, enough: r.bits === l.enough})));
    return [named('Sensitivity', section(prefix + 'sensitivity' + tail, 'Accuracy with one layer narrowed at a time',
      `Points lost against ${percent(result.exactAccuracy)} (95\u202f%: ${span(result.interval)}) in exact registers. A ring marks the narrowest width that, with every wider one tried, `
      + `loses at most ${result.allowedLoss} point. Wider registers change nothing. `
      + `These widths hold one at a time and do not combine: several layers narrowed together can lose more.` + (result.skipped.length ? ` Left exact: ${result.skipped.join(', ')}.` : ''),
      chart(prefix + 'chart-sensitivity' + tail, draw),
      el('p', {class: 'note'}, 'Each row narrows one layer alone, all others in exact registers; the last row narrows all layers to one width. '
        + 'Layers narrowed together, each to its own width, were not measured: evaluate --accumulators FILE does it.'),
      table('Narrowest registers', [
        {title: 'layer', value: l => l.name},
        {title: 'safe', value: l => l.safe, number: true, hint: 'enough for any input'},
        {title: 'seen', value: l => l.seen, number: true, hint: 'no sum of the data needed more'},
        {title: 'enough alone', value: l => l.enough, number: true, hint: 'while every other layer is exact'},
        {title: 'accuracy %', value: l => at(l, l.enough)?.accuracy, text: l => fixed(at(l, l.enough)?.accuracy), number: true},
        {title: '95 %', value: l => at(l, l.enough)?.interval.low, text: l => span(at(l, l.enough)?.interval), number: true},
        {title: 'one bit less %', value: l => at(l, l.enough - 1)?.accuracy, text: l => fixed(at(l, l.enough - 1)?.accuracy), number: true},
      ], result.layers, {id: prefix + 'sensitivity-table' + tail}),
      el('details', {}, el('summary', {}, `All ${rows.length} registers tried`),
        table('Registers tried', [
          {title: 'layer', value: r => r.name},
          {title: 'register', value: r => r.accumulator},
          {title: 'accuracy %', value: r => r.accuracy, text: r => fixed(r.accuracy), number: true},
          {title: '95 %', value: r => r.interval.low, text: r => span(r.interval), number: true},
          {title: 'unlike exact', value: r => r.differing, text: r => count(r.differing), number: true},
          {title: 'only exact right', value: r => r.onlyExact, text: r => count(r.onlyExact), number: true},
          {title: 'only narrow right', value: r => r.onlyNarrow, text: r => count(r.onlyNarrow), number: true},
          {title: 'p', value: r => r.p, text: r => probability(r.p), number: true, hint: 'McNemar\u2019s exact test against exact registers'},
          {title: 'overflowing %', value: r => r.overflowing, text: r => fixed(r.overflowing), number: true, hint: 'of the layer\u2019s dot products'},
        ], rows, {id: prefix + 'registers-table' + tail, rowClass: r => r.enough ? 'enough' : undefined}))))];
  }

  /** The channels that narrow registers hurt most. */
  function channelSections(analysis, prefix, tail) {
    return (analysis.worstChannels ?? []).filter(w => w.channels.length).map(worst => named(`Channels in ${worst.bits} bits`,
      section(`${prefix}worst-${worst.bits}${tail}`, `Channels that overflow most in ${worst.bits} bits`, null,
        table('Worst channels', [
          {title: 'layer', value: c => c.layer},
          {title: 'channel', value: c => c.channel, number: true},
          {title: 'seen', value: c => c.seen, number: true, hint: 'bits that the widest sum of the data needed'},
          {title: 'safe', value: c => c.safe, number: true, hint: 'bits that are enough for any input'},
          {title: 'overflowing', value: c => c.overflowing, text: c => count(c.overflowing), number: true},
          {title: '%', value: c => share(c.overflowing, c.dots), text: c => fixed(share(c.overflowing, c.dots)), number: true},
        ], worst.channels, {id: `${prefix}worst-table-${worst.bits}${tail}`}))));
  }

  /** Instructions that add two products in 16 bits, and sums kept in 16 or 24. */
  function platformSections(analysis, prefix, tail) {
    const platforms = analysis.platforms;
    if (!platforms) return [];
    const pair = p => `channel ${p.channel}, terms ${p.terms.join(' and ')}, weights ${p.weights.join(' and ')}: ${p.lo} \u2026 ${p.hi}`;
    const rows = analysis.layers.map(l => ({name: l.name, at: Object.fromEntries(platforms.registers.map(c => [c.bits, c.layers.find(r => r.name === l.name)]))}));
    return [named('Processors', section(prefix + 'platforms' + tail, 'Narrow registers of processors',
      'What is checked: the sum of one pair of products, in a 16-bit lane. Unsafe: for some input of the layer\u2019s range this sum leaves 16 bits. '
      + 'Not covered: kernels that add further pairs in 16 bits, which can overflow without an unsafe pair. The widest unsafe pair stands at the end of a row.',
      ...platforms.pairs.flatMap((check, i) => [
        subtitle(check.instruction), el('p', {class: 'hint'}, check.assumes + '.'),
        table(check.instruction, [
          {title: 'layer', value: l => l.name},
          {title: 'pairs', value: l => l.unfit ? undefined : l.pairs, text: l => l.unfit ? '' : count(l.pairs), number: true},
          {title: 'unsafe pairs', value: l => l.unfit ? undefined : l.unsafe, text: l => l.unfit ? '' : count(l.unsafe), number: true},
          {title: 'channels', value: l => l.unfit ? undefined : l.channels, text: l => l.unfit ? '' : count(l.channels), number: true, hint: 'with an unsafe pair'},
          ...check.layers.some(l => l.seen) ? [
            {title: 'sums beyond', value: l => l.seen?.overflowing, text: l => count(l.seen?.overflowing), number: true, hint: 'pair sums of the data beyond 16 bits'},
            {title: '% of sums', value: l => l.seen && share(l.seen.overflowing, l.seen.sums), text: l => l.seen ? fixed(share(l.seen.overflowing, l.seen.sums), 4) : '', number: true},
            {title: '% of dots', value: l => l.seen && share(l.seen.hit, l.seen.dots), text: l => l.seen ? fixed(share(l.seen.hit, l.seen.dots), 4) : '', number: true, hint: 'dot products with such a pair sum'}] : [],
          {title: 'widest unsafe pair', value: l => l.unfit ?? (l.worst ? pair(l.worst) : '')},
        ], check.layers, {id: `${prefix}pairs-table-${i + 1}${tail}`})]),
      subtitle('Whole sums'), el('p', {class: 'hint'}, 'Channels that some input overflows, and dot products of the data that do.'),
      table('Whole sums', [
        {title: 'layer', value: r => r.name},
        ...platforms.registers.flatMap(({bits}) => [
          {title: `channels, ${bits} bits`, value: r => r.at[bits]?.channels, text: r => count(r.at[bits]?.channels), number: true},
          ...analysis.images === undefined ? [] : [{title: `% of dots, ${bits} bits`, number: true,
            value: r => r.at[bits]?.dots && share(r.at[bits].overflowing, r.at[bits].dots),
            text: r => r.at[bits]?.dots ? fixed(share(r.at[bits].overflowing, r.at[bits].dots), 4) : ''}]]),
      ], rows, {id: prefix + 'sums-table' + tail})))];
  }

  /** What the contents call a section, where its title is too long. */
  const named = (name, node) => { node.dataset.contents = name; return node; };

  function reproductionSections(run, prefix) {
    const charts = narrowsCharts.of(run);
    return narrowsCharts.reproductions(run).flatMap((result, i, all) => {
      const tail = all.length > 1 ? `-${i + 1}` : '';
      const cell = value => typeof value === 'number' && !Number.isInteger(value) ? fixed(value) : String(value);
      const beside = table('Ours beside the paper\u2019s', [
        {title: 'what', value: c => c.what},
        {title: 'paper', value: c => c.paper ?? 'not available'},
        {title: 'ours', value: c => c.ours},
        {title: 'source', value: c => c.source},
      ], result.claims, {id: prefix + 'claims-table' + tail, wrap: true});
      return [
        section(prefix + 'beside' + tail, 'Ours beside the paper\u2019s', `${result.title}. Scale: ${result.scale}.`,
          el('p', {}, result.about), beside, ...result.notes.map(note => el('p', {}, note))),
        ...[...result.charts, ...result.surfaces ?? []].map((c, j, drawn) => named(drawn.length > 1 ? `Chart ${j + 1}` : 'Chart', section(prefix + c.id + tail, c.title, null,
          chart(prefix + 'chart-' + c.id + tail, charts.find(other => other.id === c.id + tail).draw)))),
        ...(result.images?.length ? [named('Images', section(`${prefix}images${tail}`, 'Images', 'One part of a test image, pixel by pixel.',
          el('div', {class: 'images'}, ...result.images.map(image => el('figure', {}, grayImage(image), el('figcaption', {}, image.title))))))] : []),
        ...result.grids.map((grid, g) => named(result.grids.length > 1 ? `Table ${g + 1}` : 'Table', section(`${prefix}grid-${g + 1}${tail}`, grid.title, onScreen('Click a heading to sort.'),
          table(grid.title, grid.columns.map((title, j) => {
            const number = grid.rows.every(row => typeof row[j] === 'number');
            const digits = grid.rows.some(row => typeof row[j] === 'number' && !Number.isInteger(row[j]));
            return {title, number, value: row => row[j], text: row => number && digits ? fixed(row[j]) : cell(row[j])};
          }), grid.rows, {id: `${prefix}grid-table-${g + 1}${tail}`})))),
      ];
    });
  }

  /** A grey image on a canvas of its own size; the style makes it larger. */
  function grayImage(image) {
    const canvas = el('canvas', {width: image.width, height: image.height, role: 'img', 'aria-label': image.title});
    const bytes = Uint8Array.from(atob(image.pixels), c => c.charCodeAt(0));
    const rgba = new Uint8ClampedArray(4 * bytes.length);
    bytes.forEach((byte, i) => rgba.set([byte, byte, byte, 255], 4 * i));
    canvas.getContext('2d').putImageData(new ImageData(rgba, image.width, image.height), 0, 0);
    return canvas;
  }

  /** What floating-point registers did to each layer. */
  function floatSections(run, prefix) {
    const rows = narrowsCharts.ofKind(run, 'evaluation').flatMap(r => r.results).filter(r => r.floats);
    return rows.map((result, i) => {
      const rate = (title, key, hint) => ({title, hint, number: true, value: l => l[key], text: l => fixed(l[key])});
      return named(rows.length > 1 ? `Registers ${i + 1}` : 'Registers', section(`${prefix}floats-${i + 1}`, `Registers of ${result.accumulator}`,
        'Underflow and overflow in percent of the products, and of the steps of sums; swamped: steps whose addend left the register unchanged. Signal to noise is against exact sums of the same operands, in decibels. '
        + 'The last column is the mantissa that the variance retention ratio asks for at this K and chunk.',
        table('Floating-point registers', [
          {title: 'layer', value: l => l.name},
          {title: 'K', value: l => l.terms, number: true},
          rate('product underflow %', 'productUnderflows'), rate('product overflow %', 'productOverflows'),
          rate('sum underflow %', 'sumUnderflows'), rate('sum overflow %', 'sumOverflows'), rate('swamped %', 'swamped'),
          {title: 'signal to noise dB', number: true, value: l => l.signalToNoise, text: l => l.signalToNoise === undefined ? '' : fixed(l.signalToNoise, 1)},
          {title: 'mantissa asked for', number: true, value: l => l.mantissaNeeded, text: l => String(l.mantissaNeeded ?? '')},
        ], result.floats, {id: `${prefix}floats-table-${i + 1}`})));
    });
  }

  function sweepSections(run, prefix) {
    return narrowsCharts.sweeps(run).flatMap((sweep, i, all) => {
      const tail = all.length > 1 ? `-${i + 1}` : '';
      const sections = [];
      const keys = [...new Set(sweep.trials.flatMap(t => Object.keys(t.keys)))];
      const number = text => text !== undefined && text !== '' && isFinite(text) ? Number(text) : text;
      const grid = keys.map(key => ({title: key, value: r => number(r.keys[key]), text: r => r.keys[key] ?? '',
        number: sweep.trials.every(t => t.keys[key] === undefined || isFinite(t.keys[key]))}));
      const spread = s => s.min === s.max ? fixed(s.mean) : `${fixed(s.mean)} (${fixed(s.min)}\u2026${fixed(s.max)})`;
      if (sweep.points.length) {
        const images = el('select', {id: prefix + 'images' + tail, onchange: () => redraw(drawn.find(c => c.figure === box))},
          el('option', {value: 'validation'}, 'validation images, which chose'), el('option', {value: 'accuracy'}, 'test images, which chose nothing'));
        const box = chart(prefix + 'chart-front' + tail, (l, w) => narrowsCharts.front(sweep, images.value, l, w));
        const columns = [{title: 'method', value: p => p.label}, ...grid,
          {title: 'sum', value: p => p.way, text: p => p.words},
          {title: 'bits', value: p => p.bits, number: true},
          {title: 'validation %', value: p => p.validation.mean, text: p => spread(p.validation), number: true},
          {title: 'test %', value: p => p.accuracy.mean, text: p => spread(p.accuracy), number: true},
          ...sweep.points.some(p => p.accuracy.interval) ? [{title: 'test, 95 %', value: p => p.accuracy.interval?.low, text: p => span(p.accuracy.interval), number: true}] : [],
          {title: 'seeds', value: p => p.seeds.length, number: true}];
        sections.push(section(prefix + 'front' + tail, 'Accuracy against accumulator width',
          'One point for each configuration in each register, the mean over its seeds. Thin bar: the 95\u202f% interval of the mean for so many images, where their count was stored; thick bar: from the least seed to the greatest. Points of one width that would hide each other stand side by side. Ringed, with dashes: the front, more accurate on validation '
          + 'images than everything narrower. \u201cproven\u201d is exact sums in the width that no input can overflow, in any order.',
          el('div', {class: 'bar'}, el('label', {for: prefix + 'images' + tail}, 'Accuracy on'), images), box,
          table('Front', columns, sweep.front, {id: prefix + 'front-table' + tail}),
          el('details', {}, el('summary', {}, `All ${sweep.points.length} points as a table`),
            table('Points', [...columns, {title: 'front', value: p => p.front ? 1 : 0, text: p => p.front ? 'front' : '', number: true}],
              sweep.points, {id: prefix + 'points-table' + tail, rowClass: p => p.front ? 'enough' : undefined}))));
      }
      const of = (title, get, digits, hint) => ({title, hint, number: true, value: t => t.figures && get(t.figures),
        text: t => t.figures && get(t.figures) !== undefined ? fixed(get(t.figures), digits) : ''});
      const registers = [...new Map(sweep.trials.flatMap(t => t.figures?.accumulators ?? []).map(a => [a.accumulator, a])).values()]
        .sort((a, b) => (a.summation?.way ?? a.accumulator).localeCompare(b.summation?.way ?? b.accumulator, 'en') || a.bits - b.bits);
      sections.push(section(prefix + 'trials' + tail, 'Trials', ['Accuracies on test images.', onScreen('Click a heading to sort.')],
        table('Trials', [{title: 'method', value: t => t.label}, ...grid,
          {title: 'seed', value: t => t.seed, number: true},
          {title: 'status', value: t => t.status},
          of('float %', f => f.floatAccuracy, 2), of('exact %', f => f.exactAccuracy, 2),
          of('exact validation %', f => f.exactValidation, 2),
          ...registers.map(r => of(r.accumulator + ' %', f => f.accumulators.find(a => a.accumulator === r.accumulator)?.accuracy, 2)),
          of('certified', f => f.certifiedBits, 0, 'bits that no input can overflow, in any order'),
          of('term', f => f.termBits, 0, 'bits of the widest single product'),
          of('zeros %', f => f.sparsity, 2, 'share of weights that are 0'),
          of('compression', f => f.compression, 2, 'bits of a weight by bits of Shannon entropy'),
          of('seconds', f => f.seconds, 0, 'of training'),
          {title: 'hash', value: t => t.hash},
          ...sweep.trials.some(t => t.error) ? [{title: 'error', value: t => t.error}] : []],
        sweep.trials, {id: prefix + 'trials-table' + tail})));
      return sections;
    });
  }

  function making(run, prefix) {
    const parts = [];
    if (run.command) {
      const command = './narrows ' + run.command;
      const copy = el('button', {type: 'button', onclick: async () => {
        try { await navigator.clipboard.writeText(command); copy.textContent = 'Copied'; }
        catch { getSelection().selectAllChildren(code); copy.textContent = 'Selected: press Ctrl+C'; }
      }}, 'Copy');
      const code = el('code', {}, command);
      parts.push(el('p', {}, 'This command makes the run again:'), el('pre', {id: prefix + 'command', tabindex: '0'}, code), el('div', {class: 'bar'}, copy));
    }
    const networks = new Map(run.results.flatMap(r => [r.network, r.register?.network, ...r.networks ?? []]).flatMap(n => n?.network ?? n ?? [])
      .map(n => [n.sha256, n.file]));
    const text = value => Array.isArray(value) ? value.join(' ') : value && typeof value === 'object'
      ? Object.entries(value).map(([k, v]) => `${k} ${v}`).join(', ') : String(value);
    const facts = [...run.files?.length ? [['results', run.files.join(', ')]] : [], ...[...networks].map(([sha, file]) => ['network', `${file}, SHA-256 ${sha}`]),
      ...Object.entries(run.environment).filter(([k]) => k !== 'command').map(([k, v]) => [k, text(v)])];
    parts.push(el('dl', {class: 'plain'}, ...facts.flatMap(([k, v]) => [el('dt', {}, k), el('dd', {}, v)])));
    if (run.recipe) parts.push(el('details', {}, el('summary', {}, 'Recipe'), el('pre', {tabindex: '0'}, run.recipe)));
    return section(prefix + 'making', 'Environment and command', null, ...parts);
  }

  function trainingSection(run, prefix) {
    const found = narrowsCharts.of(run).find(c => c.id === 'training');
    return found ? [section(prefix + 'training', 'Training', 'One point for each epoch, a colour for each phase.', chart(prefix + 'chart-training', found.draw))] : [];
  }

  function overview() {
    const columns = [
      {title: 'run', value: r => r.name},
      {title: 'float %', value: r => r.summary.accuracies[0]?.floatAccuracy, text: r => fixed(r.summary.accuracies[0]?.floatAccuracy), number: true},
      {title: 'exact %', value: r => r.summary.accuracies[0]?.exactAccuracy, text: r => fixed(r.summary.accuracies[0]?.exactAccuracy), number: true},
      {title: 'bits now', value: r => r.summary.plain?.bits, number: true},
      {title: 'at %', value: r => r.summary.plain?.accuracy, text: r => fixed(r.summary.plain?.accuracy), number: true},
      {title: 'bits reachable', value: r => r.summary.reachable?.bits, number: true},
      {title: 'at %', value: r => r.summary.reachable?.accuracy, text: r => fixed(r.summary.reachable?.accuracy), number: true},
      {title: 'by', value: r => r.summary.reachable?.words ?? ''},
      {title: 'safe for any input', value: r => r.summary.proven, number: true},
    ];
    const known = columns.filter(c => data.runs.some(r => ![undefined, ''].includes(c.value(r))));
    return section('overview', 'Runs', null, table('Runs', known, data.runs, {id: 'overview-table',
      open: r => document.getElementById(`r${data.runs.indexOf(r)}-`).scrollIntoView()}));
  }

  /** Several runs in one chart: accuracy against width, and each layer's width. */
  function comparisonSections() {
    const choice = (id, label, options, box) => options.length < 2 ? null
      : el('div', {class: 'bar'}, el('label', {for: id}, label), el('select', {id, onchange: event => box(event.target.value)},
        ...options.map(o => el('option', {value: o.value}, o.words))));
    const sections = [];
    const widths = narrowsCompare.ways(data.runs);
    if (widths.length) {
      let way = widths[0].value;
      const figure = chart('chart-runs', (l, w) => narrowsCompare.accuracy(data.runs, way, l, w));
      sections.push(named('Accuracies', section('runs-accuracy', 'Runs side by side: accuracy against register width',
        'A colour for each run, a bar for its 95\u202f% interval where the run stored one; points of one width stand beside each other. Dashed: exact registers.',
        choice('runs-way', 'Way of summing', widths, value => { way = value; redraw(drawn.find(c => c.figure === figure)); }), figure)));
    }
    const figures = narrowsCompare.figures(data.runs);
    if (figures.length) {
      let which = figures[0].value;
      const rows = () => narrowsCompare.layers(data.runs, which);
      const box = el('div');
      const figure = chart('chart-runs-layers', (l, w) => narrowsCompare.byLayer(data.runs, which, l, w));
      const fill = () => {
        const runs = [...new Set(rows().flatMap(r => r.widths.map(w => w.run)))];
        const at = (row, run) => row.widths.find(w => w.run === run)?.bits;
        box.replaceChildren(table('Layers of the runs', [
          {title: 'layer', value: r => r.name},
          ...runs.map(run => ({title: run, value: r => at(r, run), number: true})),
          {title: 'apart', number: true, value: r => Math.max(...r.widths.map(w => w.bits)) - Math.min(...r.widths.map(w => w.bits)), hint: 'bits between the narrowest and the widest'},
        ], rows(), {id: 'runs-layers-table'}));
      };
      fill();
      sections.push(named('Layers of all', section('runs-layers', 'Runs side by side: layer by layer', 'Layers of the same name, in bits.',
        choice('runs-figure', 'Compare', figures, value => { which = value; fill(); redraw(drawn.find(c => c.figure === figure)); }),
        figure, el('details', {}, el('summary', {}, 'The numbers as a table'), box))));
    }
    return sections;
  }

  // ---- the page ----
  const links = [];
  if (data.notes.length) main.append(el('section', {class: 'card'}, ...data.notes.map(note => el('p', {}, note))));
  if (several) {
    const sections = comparisonSections();
    main.append(overview(), ...sections);
    links.push(['overview', 'Runs'], ...sections.map(s => [s.id, s.dataset.contents]));
  }
  data.runs.forEach((run, i) => {
    const prefix = `r${i}-`;
    const sections = [...targetSections(run, prefix), ...planSections(run, prefix), ...summary(run, prefix), ...reproductionSections(run, prefix), ...certificateSections(run, prefix), ...accuracySections(run, prefix), ...floatSections(run, prefix), ...pairSections(run, prefix), ...chartSections(run, prefix), ...plainSections(run, prefix), ...sweepSections(run, prefix), ...analysisSections(run, prefix),
      ...trainingSection(run, prefix), making(run, prefix)];
    if (several) main.append(el('h2', {id: prefix, class: 'run'}, run.name));
    main.append(...sections);
    if (several) links.push([prefix, run.name]);
    else sections.forEach(s => links.push([s.id, s.dataset.contents ?? s.querySelector('.title').textContent.replace(/:.*| against.*| of the partial.*| by order.*| before and after.*| and command/, '')]));
  });
  document.getElementById('contents').append(el('ul', {}, ...links.map(([id, text]) => el('li', {}, el('a', {href: '#' + id}, text)))));
  /** A list of the layers whose names hold every word that is typed; their links are addresses. */
  function search() {
    const MOST = 12;
    const layers = layerViews.flatMap(view => view.names.map(name => ({view, name, lower: name.toLowerCase()})));
    if (layers.length < 2) return;
    const found = el('ul', {id: 'found', hidden: true});
    const told = el('p', {class: 'unseen', role: 'status'});
    const input = el('input', {type: 'search', id: 'find', placeholder: 'Find a layer', 'aria-label': 'Find a layer', autocomplete: 'off', spellcheck: 'false',
      oninput: list, onfocus: list});
    const links = () => [...found.querySelectorAll('a')];
    const close = () => { found.hidden = true; };
    function list() {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      const fits = words.length ? layers.filter(l => words.every(word => l.lower.includes(word))) : [];
      found.replaceChildren(...fits.slice(0, MOST).map(({view, name}) => el('li', {}, el('a', {href: addressOf(view.key, name), onclick: event => {
        event.preventDefault();
        close();
        view.open(name);
      }}, name, el('span', {}, (several ? view.run + ': ' : '') + view.told(name))))),
        ...fits.length > MOST ? [el('li', {class: 'hint'}, `and ${fits.length - MOST} more`)] : [],
        ...words.length && !fits.length ? [el('li', {class: 'hint'}, 'No layer has such a name')] : []);
      told.textContent = words.length ? `${fits.length} layers found` : '';
      found.hidden = !words.length;
    }
    const form = el('form', {role: 'search', id: 'search', onsubmit: event => { event.preventDefault(); links()[0]?.click(); },
      onkeydown: event => {
        const all = links();
        const at = all.indexOf(document.activeElement);
        if (event.key === 'Escape') { close(); input.focus(); close(); }
        else if (event.key === 'ArrowDown' && all.length) (all[at + 1] ?? all[at]).focus();
        else if (event.key === 'ArrowUp' && at >= 0) (all[at - 1] ?? input).focus();
        else return;
        event.preventDefault();
      }}, input, found, told);
    form.addEventListener('focusout', event => { if (!form.contains(event.relatedTarget)) close(); });
    addEventListener('keydown', event => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || /^(input|select|textarea)$/i.test(event.target.tagName)) return;
      event.preventDefault();
      input.focus();
    });
    document.getElementById('contents').append(form);
  }
  search();
  const files = data.runs.flatMap(run => run.files ?? []);
  const first = files.slice(0, 8).map(file => el('code', {}, file)).flatMap((file, i) => i ? [', ', file] : [file]);
  if (files.length) document.getElementById('files').append('; they come from ', ...first, files.length > 8 ? ` and ${files.length - 8} more files` : '');
  applyTheme();
  addEventListener('scroll', () => { tip.hidden = true; }, {passive: true});
  addEventListener('keydown', event => { if (event.key === 'Escape') tip.hidden = true; });
  openAddress();
  document.documentElement.dataset.ready = String(Math.round(performance.now() - started));
})();
