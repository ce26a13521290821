'use strict';
// What a report draws: Vega-Lite specifications made from its data (narrows/report/1). Nothing
// here touches a page, so the same functions draw in a browser and, headless, for --charts.
const narrowsCharts = (() => {
  // Okabe and Ito's colours, told apart by people who see red and green alike.
  const HUES = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#7f6fd1', '#8c8c8c'];
  const SHAPES = ['circle', 'square', 'triangle-up', 'diamond', 'cross', 'triangle-down', 'triangle-right', 'triangle-left'];
  const CLASSES = {clean: '#8a94a3', transient: '#e69f00', persistent: '#7b3fa0'};

  const LOOKS = {
    light: {ink: '#1c2330', faint: '#667085', grid: '#e4e7ec', paper: '#ffffff', none: '#eef1f5',
      heat: {transient: ['#fdf0d0', '#e69f00', '#8a4b00'], persistent: ['#eadcf5', '#9a5fc0', '#3d1157']}},
    dark: {ink: '#e6e9ef', faint: '#9aa4b2', grid: '#2c3440', paper: '#161b22', none: '#20262f',
      heat: {transient: ['#4a3712', '#d08f00', '#ffd98a'], persistent: ['#3a2350', '#9a5fc0', '#e9d2ff']}},
  };

  // What tells how good a network is; results that name none are of accuracy.
  const MEASURES = {
    'accuracy': {title: 'accuracy', unit: '%', decimals: 2, higher: true},
    'f1': {title: 'F1', unit: '%', decimals: 2, higher: true},
    'psnr': {title: 'PSNR', unit: 'dB', decimals: 2, higher: true},
    'psnr-y': {title: 'PSNR on Y', unit: 'dB', decimals: 2, higher: true},
    'squared-error': {title: 'mean squared error', unit: '', decimals: 6, higher: false},
    'absolute-error': {title: 'mean absolute error', unit: '', decimals: 6, higher: false},
  };
  const measure = word => MEASURES[word ?? 'accuracy'];
  const axisTitle = (of, before = '') => before + of.title + (of.unit && ', ' + of.unit);
  const figure = (value, of) => value.toFixed(of.decimals) + (of.unit && ' ' + of.unit);
  const inUnits = of => of.title.charAt(0).toUpperCase() + of.title.slice(1)
    + (of.unit === '%' ? ' in percent' : of.unit && ' in ' + of.unit);

  const config = (look, width) => ({
    background: look.paper,
    font: look.font ?? 'system-ui, "Segoe UI", "DejaVu Sans", Arial, sans-serif',
    axis: {labelColor: look.ink, titleColor: look.faint, titleFontWeight: 'normal', gridColor: look.grid,
      domainColor: look.grid, tickColor: look.grid, labelFontSize: 11, titleFontSize: 12},
    legend: {labelColor: look.ink, titleColor: look.faint, titleFontWeight: 'normal', labelFontSize: 12, labelLimit: 260,
      ...width < 600 && {layout: {bottom: {anchor: 'start', direction: 'vertical'}}}, // two legends side by side would be cut
      symbolBaseFillColor: look.ink, symbolBaseStrokeColor: look.ink},
    header: {labelColor: look.ink, titleColor: look.faint},
    title: {color: look.ink, fontSize: 13, fontWeight: 600, anchor: 'start'},
    view: {stroke: null},
    text: {color: look.ink},
    rule: {color: look.faint},
  });

  /** Without the layers of no data: their empty groups are announced as pictures without a name. */
  const drawable = parts => ({...parts,
    ...parts.layer && {layer: parts.layer.filter(layer => layer.data?.values.length !== 0)},
    ...parts.concat && {concat: parts.concat.map(drawable)}});

  const spec = (look, parts) => ({
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    padding: 4, autosize: {type: 'fit-x', contains: 'padding'}, config: config(look, parts.width), ...drawable(parts),
  });

  /** What a data set is made of: of a file of numbers nobody knows whether they are pictures or sounds. */
  const examples = dataset => /\.(npy|npz|csv)(\/|$)/.test(dataset ?? '') ? 'inputs' : 'images';

  const percent = (part, all) => all === 0 ? 0 : 100 * part / all;
  const ofKind = (run, kind) => run.results.filter(r => r.schema.startsWith(`narrows/${kind}/`));
  const analyses = run => ofKind(run, 'analysis');
  const sweeps = run => ofKind(run, 'sweep');
  const profiled = analysis => analysis.layers.filter(layer => layer.profile);
  const ways = view => view.curves.map(curve => curve.way);
  const hues = names => ({domain: names, range: names.map((_, i) => HUES[i % HUES.length])});
  const bitsAxis = {title: 'register width P, bits', format: 'd', tickMinStep: 1, labelOverlap: true};

  /** One more than the width from which on nothing changes: wider ones would be a flat line. */
  function lastChange(view) {
    const points = view.curves.flatMap(c => c.points.map(p => ({...p, widest: c.points.at(-1)})));
    const changing = points.filter(p => Math.abs(p.accuracy - p.widest.accuracy) > 5 * 10 ** -measure(view.measure).decimals
      || p.classes && p.classes.clean < p.classes.dots * 0.999);
    return Math.max(...changing.map(p => p.bits), Math.min(...points.map(p => p.bits))) + 2;
  }

  /** Whether an accuracy chart leaves out widths. */
  const trimmed = view => view.curves.some(c => c.points.at(-1).bits > lastChange(view));

  /** Accuracy against width: a line for each way of summing, its smallest sufficient width ringed. */
  function accuracy(view, look, width) {
    const to = lastChange(view);
    const of = measure(view.measure);
    const format = `.${of.decimals}f`;
    // what no register can do is drawn last, dashed
    const points = [...view.curves].sort((a, b) => b.buildable - a.buildable).flatMap(curve =>
      curve.points.filter(p => p.bits <= to).map(p => ({
        way: curve.way, ideal: !curve.buildable, bits: p.bits, accuracy: p.accuracy, low: p.interval?.low, high: p.interval?.high,
        differing: p.differing, smallest: curve.smallest === p.bits})));
    // several ways may share a width: their rings are then laid around each other
    const best = points.filter(p => p.smallest).map((p, i, all) =>
      ({...p, ring: 200 + 170 * all.slice(0, i).filter(q => q.bits === p.bits).length}));
    const lines = [];
    if (view.floatAccuracy !== undefined) lines.push({what: 'float', accuracy: view.floatAccuracy});
    if (view.exactAccuracy !== undefined) lines.push({what: 'exact registers', accuracy: view.exactAccuracy});
    const reference = lines.length ? lines[0] : null;
    const names = ways(view);
    const x = {field: 'bits', type: 'quantitative', axis: bitsAxis, scale: {zero: false, nice: false, padding: 14}};
    const y = {field: 'accuracy', type: 'quantitative', title: axisTitle(of), scale: {zero: false, padding: 10}};
    const colour = {field: 'way', type: 'nominal', title: 'way of summing', sort: names, scale: hues(names),
      legend: {orient: 'bottom', columns: width < 600 ? 2 : 4, symbolType: 'circle', symbolStrokeWidth: 2}};
    const tooltip = [{field: 'way', title: 'sum'}, {field: 'bits', title: 'bits'},
      {field: 'accuracy', title: axisTitle(of), format},
      ...points.some(p => p.low !== undefined) ? [{field: 'low', title: '95 % from', format}, {field: 'high', title: 'to', format}] : [],
      {field: 'differing', title: 'unlike exact'}];
    const layers = [];
    if (reference) {
      layers.push({data: {values: [{from: reference.accuracy - (of.higher ? 1 : -1) * view.allowedLoss, to: reference.accuracy}]},
        mark: {type: 'rect', opacity: 0.12, color: HUES[2], tooltip: null},
        encoding: {y: {field: 'from', type: 'quantitative'}, y2: {field: 'to'}}});
      layers.push({data: {values: lines}, mark: {type: 'rule', strokeDash: [5, 4]},
        encoding: {y: {field: 'accuracy', type: 'quantitative'},
          tooltip: [{field: 'what', title: 'reference'}, {field: 'accuracy', title: axisTitle(of), format}]}});
    }
    for (const dashed of [false, true]) {
      layers.push({data: {values: points.filter(p => p.ideal === dashed)},
        mark: {type: 'line', strokeWidth: 2, strokeDash: dashed ? [5, 4] : [1, 0]}, encoding: {x, y, color: colour}});
    }
    layers.push({data: {values: points.filter(p => p.high > p.low)}, mark: {type: 'rule', strokeWidth: 1.2, opacity: 0.7, tooltip: null},
      encoding: {x, y: {...y, field: 'low'}, y2: {field: 'high'}, color: colour}});
    layers.push({data: {values: points}, mark: {type: 'point', filled: true, size: 46, opacity: 1},
      encoding: {x, y, color: colour, tooltip,
        shape: {field: 'way', type: 'nominal', sort: names, legend: null,
          scale: {domain: names, range: names.map((_, i) => SHAPES[i % SHAPES.length])}}}});
    layers.push({data: {values: best}, mark: {type: 'point', filled: false, strokeWidth: 2.5, opacity: 1, shape: 'circle'},
      encoding: {x, y, color: colour, tooltip, size: {field: 'ring', type: 'quantitative', scale: null}}});
    return spec(look, {width, height: 320, layer: layers, resolve: {scale: {shape: 'independent'}},
      description: inUnits(of) + ' against register width in bits, a line for each way of summing; '
        + (best.length ? 'smallest sufficient widths: ' + best.map(p => `${p.way} ${p.bits} bits, ${figure(p.accuracy, of)}`).join('; ')
          : 'no width shown is sufficient') + '.'});
  }

  /** Every narrow register and plan with its LUTs, and exact registers as 32 bits. */
  function priced(view) {
    const rows = view.curves.flatMap(curve => curve.points.map(p =>
      ({way: curve.way, register: `int${p.bits}:${curve.way}`, ideal: !curve.buildable, luts: p.luts, accuracy: p.accuracy})));
    view.others.forEach(row => rows.push({way: row.accumulator, register: row.accumulator, luts: row.luts, accuracy: row.accuracy}));
    if (view.exactLuts !== undefined) {
      rows.push({way: '32 bits', register: '32 bits', luts: view.exactLuts, accuracy: view.exactAccuracy});
    }
    return rows.filter(row => row.luts !== undefined && !row.ideal);
  }

  /** Accuracy against LUTs: what is on the front has no cheaper register that is as accurate. */
  function cost(view, look, width) {
    const of = measure(view.measure);
    const format = `.${of.decimals}f`;
    const better = (a, b) => of.higher ? a > b : a < b;
    const points = priced(view);
    const front = points.filter(p => !points.some(q =>
      q.luts <= p.luts && better(q.accuracy, p.accuracy) || q.luts < p.luts && q.accuracy === p.accuracy))
      .sort((a, b) => a.luts - b.luts);
    const names = [...new Set(points.map(p => p.way))];
    const x = {field: 'luts', type: 'quantitative', title: 'LUTs of the whole network', scale: {zero: false, padding: 14}};
    const y = {field: 'accuracy', type: 'quantitative', title: axisTitle(of), scale: {zero: false, padding: 10}};
    const colour = {field: 'way', type: 'nominal', title: 'register', sort: names, scale: hues(names),
      legend: {orient: 'bottom', columns: width < 600 ? 2 : 4, symbolType: 'circle', symbolStrokeWidth: 2}};
    const tooltip = [{field: 'register', title: 'register'}, {field: 'luts', title: 'LUTs', format: ',.0f'},
      {field: 'accuracy', title: axisTitle(of), format}];
    return spec(look, {width, height: 320, layer: [
      {data: {values: front}, mark: {type: 'line', strokeWidth: 1.5, strokeDash: [5, 4], interpolate: 'step-after', tooltip: null}, encoding: {x, y}},
      {data: {values: points}, mark: {type: 'point', filled: true, size: 60, opacity: 1}, encoding: {x, y, color: colour, tooltip}}],
      description: inUnits(of) + ' against LUTs of the whole network; the front: '
        + front.map(p => `${p.register} ${Math.round(p.luts)} LUTs, ${figure(p.accuracy, of)}`).join('; ') + '.'});
  }

  /** A curve for each order that matters: classes depend on the order, not on the policy. */
  const ordered = view => [...new Map(view.curves.filter(c => !c.orderFree && c.points.some(p => p.classes))
    .toReversed().map(c => [c.order, c])).values()].toReversed();

  /** Classes of all dot products against width, for one order after the other. */
  function classes(view, look, width) {
    const curves = ordered(view);
    const to = lastChange(view);
    const rows = curves.flatMap(curve => curve.points.filter(p => p.classes && p.bits <= to).flatMap(p =>
      ['persistent', 'transient'].map(kind => ({order: curve.order, bits: p.bits, kind,
        share: percent(p.classes[kind], p.classes.dots), dots: p.classes[kind]}))));
    const columns = width < 600 ? 1 : Math.min(2, curves.length);
    return spec(look, {
      autosize: undefined, data: {values: rows}, columns,
      facet: {field: 'order', type: 'nominal', title: null, sort: [...new Set(rows.map(r => r.order))],
        header: {labelFontSize: 12, labelFontWeight: 'bold', labelAnchor: 'start'}},
      spec: {width: Math.min(width / columns - 62, 90 * new Set(rows.map(r => r.bits)).size), height: 150, mark: {type: 'bar'},
        encoding: {
          x: {field: 'bits', type: 'ordinal', axis: {...bitsAxis, labelAngle: 0}},
          y: {field: 'share', type: 'quantitative', title: '% of dot products', scale: {domain: [0, 100]}},
          color: {field: 'kind', type: 'nominal', title: null, sort: ['persistent', 'transient'], legend: {orient: 'bottom'},
            scale: {domain: ['persistent', 'transient'], range: [CLASSES.persistent, CLASSES.transient]}},
          order: {field: 'kind', sort: 'ascending'},
          tooltip: [{field: 'order'}, {field: 'bits'}, {field: 'kind', title: 'overflow'},
            {field: 'share', title: '% of dots', format: '.3f'}, {field: 'dots', format: ','}]}},
      description: 'Share of dot products that overflow persistently and transiently against register width, for each order of summing.'});
  }

  /** The widths worth showing: from the first that is not all overflow to the first that is all clean. */
  function shownWidths(profiles) {
    let from = Infinity, to = 2;
    for (const {dots, widths} of profiles) {
      for (const w of widths) {
        if (w.clean > 0) from = Math.min(from, w.bits);
        if (w.clean < dots) to = Math.max(to, w.bits + 1);
      }
    }
    return from > to ? [2, 8] : [Math.max(2, Math.min(from, to - 6)), to];
  }

  /**
   * Layers' names as charts have room for: of paths such as model/conv2d_1/BiasAdd the folders that
   * all share are left out, and the last parts as long as the rest tells the layers apart.
   */
  function labels(names) {
    let parts = names.map(name => name.split('/'));
    const distinct = all => new Set(all.map(p => p.join('/'))).size === new Set(names).size;
    const shorter = cut => {
      const next = parts.map(cut);
      if (!next.every(p => p.length) || !distinct(next)) return false;
      parts = next;
      return true;
    };
    while (parts.every(p => p.length > 1 && p[0] === parts[0][0]) && shorter(p => p.slice(1)));
    while (parts.some(p => p.length > 1) && shorter(p => p.length > 1 ? p.slice(0, -1) : p));
    return new Map(names.map((name, i) => [name, parts[i].join('/')]));
  }

  /** Two heat maps, row against width: the share of dot products with each kind of overflow. */
  function heat(rows, rowTitle, look, width, shown, description) {
    const names = [...new Set(rows.map(r => r.row))];
    const many = names.length > 40;
    const columns = width < 640 ? 1 : 2;
    const labelRoom = many ? 44 : Math.min(150, 18 + 5.9 * Math.max(...names.map(n => String(n).length)));
    const panelWidth = columns === 1 ? width - labelRoom - 34 : (width - labelRoom - 62) / 2;
    const values = rows.filter(r => r.bits >= shown[0] && r.bits <= shown[1]);
    const largest = kind => {
      const share = Math.max(1, ...values.map(r => percent(r[kind], r.dots)));
      return share > 60 ? 100 : share;
    };
    const cells = kind => values.map(r => ({row: r.row, bits: r.bits, kind, dots: r.dots, count: r[kind],
      share: percent(r[kind], r.dots), drill: r.drill}));
    const panel = (kind, labelled, all = cells(kind)) => ({
      title: kind === 'transient' ? 'transient: another order would help' : 'persistent: no order helps',
      data: {values: all},
      width: panelWidth, height: {step: many ? 7 : 19},
      layer: [
        {mark: {type: 'rect', color: look.none, stroke: look.paper, strokeWidth: 1, cursor: rows[0]?.drill ? 'pointer' : undefined}},
        {data: {values: all.filter(cell => cell.count > 0)},
          mark: {type: 'rect', stroke: look.paper, strokeWidth: 1, cursor: rows[0]?.drill ? 'pointer' : undefined},
          encoding: {color: {field: 'share', type: 'quantitative', title: '% of dots',
            scale: {type: 'sqrt', domain: [0, largest(kind)], range: look.heat[kind]},
            legend: {orient: 'bottom', direction: 'horizontal', gradientLength: Math.min(220, panelWidth), gradientThickness: 10,
              values: [0.1, 1, 5, 10, 25, 50, 100].filter(v => v <= largest(kind))}}}},
      ],
      encoding: {
        x: {field: 'bits', type: 'ordinal', axis: {...bitsAxis, labelAngle: 0}},
        y: {field: 'row', type: 'nominal', sort: null,
          axis: {labels: labelled, ticks: labelled, domain: labelled, labelLimit: labelRoom, labelOverlap: many ? 'greedy' : false,
            title: labelled && many ? rowTitle : null}},
        tooltip: [{field: 'row', title: rowTitle}, {field: 'bits', title: 'bits'}, {field: 'kind', title: 'overflow'},
          {field: 'share', title: '% of dots', format: '.3f'}, {field: 'count', title: 'dots', format: ','},
          {field: 'dots', title: 'of', format: ','}]},
    });
    return spec(look, {autosize: undefined, columns, concat: [panel('transient', true), panel('persistent', columns === 1)],
      resolve: {scale: {color: 'independent'}}, spacing: 24, description});
  }

  const rowsOf = (row, profile, drill) => profile.widths.map(w =>
    ({row, bits: w.bits, dots: profile.dots, transient: w.transient, persistent: w.persistent, drill}));

  /** Layer against width; a cell carries its layer, so that a click can look into it. */
  function overflow(analysis, look, width) {
    const layers = profiled(analysis);
    const short = labels(layers.map(layer => layer.name));
    return heat(layers.flatMap(layer => rowsOf(short.get(layer.name), layer.profile, layer.name)), 'layer', look, width,
      shownWidths(layers.map(layer => layer.profile)),
      'Share of dot products that overflow, layer against register width; transient and persistent apart. The table of layers and the layer view hold the same numbers.');
  }

  /** Channel against width for one layer. */
  function channels(layer, look, width) {
    return heat(layer.profile.channels.flatMap(c => rowsOf(c.channel, {dots: c.dots, widths: c.widths})), 'channel', look, width,
      shownWidths([layer.profile]), `Share of dot products of layer ${layer.name} that overflow, output channel against register width.`);
  }

  /** The classes of one layer's dot products at every width, stacked to 100 %. */
  function layerClasses(layer, look, width) {
    const [from, to] = shownWidths([layer.profile]);
    const kinds = ['persistent', 'transient', 'clean'];
    const rows = layer.profile.widths.filter(w => w.bits >= from && w.bits <= to).flatMap(w =>
      kinds.map((kind, i) => ({bits: w.bits, kind, order: i, count: w[kind], share: percent(w[kind], layer.profile.dots)})));
    return spec(look, {width, height: 190, data: {values: rows}, mark: 'bar',
      encoding: {
        x: {field: 'bits', type: 'ordinal', axis: {...bitsAxis, labelAngle: 0}},
        y: {field: 'share', type: 'quantitative', title: '% of dot products', scale: {domain: [0, 100]}},
        color: {field: 'kind', type: 'nominal', title: null, sort: kinds, legend: {orient: 'bottom'},
          scale: {domain: kinds, range: kinds.map(k => k === 'clean' ? look.grid : CLASSES[k])}},
        order: {field: 'order'},
        tooltip: [{field: 'bits'}, {field: 'kind', title: 'class'}, {field: 'share', title: '% of dots', format: '.3f'},
          {field: 'count', title: 'dots', format: ','}]},
      description: `Clean, transient and persistent dot products of layer ${layer.name} against register width.`});
  }

  /**
   * Accuracy lost with one layer narrowed at a time: layer against width, in points. Right of a row
   * nothing changes; left of it accuracy has fallen further. A ring marks the narrowest width that
   * is enough. Registers of another policy or order have a row of their own.
   */
  function sensitivity(result, look, width) {
    const ways = new Set(result.layers.flatMap(l => l.registers.map(r => r.summation.way)));
    const short = labels(result.layers.slice(0, -1).map(l => l.name)).set(result.layers.at(-1).name, result.layers.at(-1).name);
    const rowOf = (layer, register) => ways.size === 1 ? short.get(layer.name) : `${short.get(layer.name)}, ${register.summation.way}`;
    const values = result.layers.flatMap(layer => layer.registers.map(r => ({row: rowOf(layer, r), bits: r.bits, accumulator: r.accumulator,
      lost: result.exactAccuracy - r.accuracy, accuracy: r.accuracy, interval: `${r.interval.low.toFixed(2)}\u2026${r.interval.high.toFixed(2)}`,
      p: r.p, overflowing: r.overflowing, enough: layer.enough === r.bits})));
    const rows = [...new Set(values.map(v => v.row))];
    const labelRoom = Math.min(width < 600 ? 130 : 260, 18 + 5.9 * Math.max(...rows.map(n => n.length)));
    const most = Math.max(1, ...values.map(v => v.lost));
    const x = {field: 'bits', type: 'ordinal', axis: {...bitsAxis, labelAngle: 0}};
    const y = {field: 'row', type: 'nominal', sort: rows, title: null, axis: {labelLimit: labelRoom}};
    const tooltip = [{field: 'row', title: 'layer'}, {field: 'accumulator', title: 'register'}, {field: 'accuracy', title: 'accuracy, %', format: '.2f'},
      {field: 'interval', title: '95 % interval'}, {field: 'lost', title: 'points lost', format: '.2f'}, {field: 'p', title: 'p', format: '.2~g'},
      {field: 'overflowing', title: '% of dots overflow', format: '.3f'}];
    const columns = new Set(values.map(v => v.bits)).size;
    return spec(look, {autosize: undefined, width: Math.min(width - labelRoom - 34, 80 * columns), height: {step: 24}, data: {values},
      layer: [
        {mark: {type: 'rect', stroke: look.paper, strokeWidth: 1},
          encoding: {x, y, tooltip, color: {field: 'lost', type: 'quantitative', title: 'points lost',
            scale: {type: 'sqrt', domain: [0, most], range: [look.none, ...look.heat.transient], interpolate: 'rgb', clamp: true},
            legend: {orient: 'bottom', direction: 'horizontal', gradientLength: Math.min(220, width - 60), gradientThickness: 10,
              values: [0, 1, 5, 10, 25, 50].filter(v => v <= most)}}}},
        // a ring in the ink of the labels, on a wider one of the ground: seen on every shade of the cells, light and dark
        ...[[look.paper, 5.5], [look.ink, 2.2]].map(([color, strokeWidth]) => ({data: {values: values.filter(v => v.enough)},
          mark: {type: 'point', shape: 'circle', size: 110, filled: false, opacity: 1, strokeWidth, color}, encoding: {x, y, tooltip}})),
      ],
      description: `Accuracy lost in points against ${result.exactAccuracy.toFixed(2)} % in exact registers, with one layer narrowed at a time; enough: `
        + result.layers.filter(l => l.enough !== undefined).map(l => `${l.name} ${l.enough} bits`).join('; ') + '.'});
  }

  /** The least width at which at least this share of the dot products is clean. */
  const enoughFor = (profile, share) =>
    (profile.widths.find(w => w.clean >= share * profile.dots) ?? profile.widths.at(-1)).bits;

  /**
   * The range of each layer's partial sums, in bits, over that of a register: widths grow by one as
   * the range ±2^(P−1) doubles, so a bit axis is the logarithm of the range.
   */
  function ranges(analysis, registerBits, look, width) {
    const short = labels(analysis.layers.map(layer => layer.name));
    const names = [...short.values()];
    const seen = profiled(analysis).map(({name, profile}) => ({layer: short.get(name), low: enoughFor(profile, 0.01),
      median: enoughFor(profile, 0.5), high: enoughFor(profile, 0.99), all: enoughFor(profile, 1)}));
    const bounds = analysis.layers.flatMap(layer => [
      {layer: short.get(layer.name), bound: 'any input: proven (sign-sum)', bits: layer.bounds.signSum},
      {layer: short.get(layer.name), bound: 'any input: weights\u2019 l1 norm', bits: layer.bounds.l1},
      {layer: short.get(layer.name), bound: 'any weights: data type', bits: layer.bounds.dataType}]);
    const kinds = [...new Set(bounds.map(b => b.bound))];
    const widest = Math.max(...bounds.map(b => b.bits), ...seen.map(s => s.all));
    const labelRoom = Math.min(width < 600 ? 125 : 170, 18 + 5.9 * Math.max(...names.map(n => n.length)));
    const y = {field: 'layer', type: 'nominal', sort: names, title: null, axis: {labelLimit: labelRoom}};
    const x = field => ({field, type: 'quantitative', scale: {domain: [1, widest + 1], nice: false},
      axis: {...bitsAxis, title: width < 600 ? 'bits' : 'bits (each one doubles the range of a register, ±2^(P−1))'}});
    const tooltip = [{field: 'layer'}, {field: 'median', title: 'half of the sums fit'}, {field: 'high', title: '99 % fit'},
      {field: 'all', title: 'all seen fit'}];
    const layers = [];
    if (registerBits !== undefined) {
      layers.push({data: {values: [{from: 1, to: registerBits}]}, mark: {type: 'rect', color: HUES[2], opacity: 0.13},
        encoding: {x: x('from'), x2: {field: 'to'}}});
      layers.push({data: {values: [{to: registerBits, what: `register of ${registerBits} bits`}]}, mark: {type: 'rule', color: HUES[2], strokeWidth: 2},
        encoding: {x: x('to'), tooltip: {field: 'what', title: 'range of'}}});
    }
    layers.push({data: {values: seen}, mark: {type: 'rule', strokeWidth: 2, color: HUES[0]},
      encoding: {y, x: x('low'), x2: {field: 'all'}, tooltip}});
    layers.push({data: {values: seen}, mark: {type: 'bar', height: 9, color: HUES[0], cornerRadius: 2},
      encoding: {y, x: x('low'), x2: {field: 'high'}, tooltip}});
    layers.push({data: {values: seen}, mark: {type: 'tick', thickness: 3, height: 13, color: look.ink},
      encoding: {y, x: x('median'), tooltip}});
    layers.push({data: {values: bounds}, mark: {type: 'point', filled: true, size: 60, opacity: 1},
      encoding: {y, x: x('bits'),
        color: {field: 'bound', type: 'nominal', title: 'enough for', sort: kinds,
          scale: {domain: kinds, range: [HUES[1], HUES[4], HUES[7]]}, legend: {orient: 'bottom', columns: width < 600 ? 1 : 3}},
        shape: {field: 'bound', type: 'nominal', title: 'enough for', sort: kinds,
          scale: {domain: kinds, range: ['diamond', 'triangle-down', 'square']}},
        tooltip: [{field: 'layer'}, {field: 'bound'}, {field: 'bits'}]}});
    return spec(look, {autosize: undefined, width: width - labelRoom - 24, height: {step: 22}, layer: layers,
      description: 'For each layer the widths that its partial sums needed, from the narrowest one per cent to all, and the widths that bounds ask for, over the range of a register.'});
  }

  /** Loss and accuracy by epoch. */
  function training(metrics, look, width) {
    const rows = metrics.map((m, i) => ({...m, step: i + 1}));
    const classes = rows.some(r => r.trainAccuracy !== undefined);
    const phases = [...new Set(rows.map(r => r.phase))];
    const x = {field: 'step', type: 'quantitative', axis: {title: 'epoch', tickMinStep: 1, format: 'd'}, scale: {nice: false, padding: 10}};
    const colour = {field: 'phase', type: 'nominal', sort: phases, scale: hues(phases), legend: {orient: 'bottom'}};
    const tooltip = [{field: 'phase'}, {field: 'epoch'}, {field: 'loss', format: '.4f'}, ...(classes ? [{field: 'trainAccuracy', title: 'train, %', format: '.2f'}] : []),
      {field: 'validationAccuracy', title: classes ? 'validation, %' : 'validation', format: classes ? '.2f' : '.4f'}, {field: 'bits'}];
    const columns = width < 640 ? 1 : 2;
    const panel = (title, fields) => ({
      title, width: width / columns - 64, height: 170, data: {values: rows},
      layer: fields.filter(f => rows.some(r => r[f] !== undefined)).map((field, i) => ({
        mark: {type: 'line', point: {filled: true, size: 30}, strokeDash: i ? [4, 3] : [1, 0]},
        encoding: {x, y: {field, type: 'quantitative', title: null, scale: {zero: false}}, color: colour, tooltip}}))});
    return spec(look, {autosize: undefined, columns, spacing: 24,
      concat: [panel('loss', ['loss']), panel(classes ? 'accuracy in %: validation (line), training (dashes)' : 'measure on validation examples', ['validationAccuracy', 'trainAccuracy'])],
      description: classes ? 'Loss and accuracy by epoch of training.' : 'Loss and measure by epoch of training.'});
  }

  const reproductions = run => ofKind(run, 'reproduction');

  /** Lines of a reproduced figure, with the spread over seeds; the paper's are dashed. */
  function lines(chart, look, width) {
    const names = chart.series.map(s => s.name);
    const points = chart.series.flatMap(s => s.points.map(p => ({...p, name: s.name, paper: s.paper})));
    const whole = points.every(p => Number.isInteger(p.x));
    const x = {field: 'x', type: 'quantitative', scale: {zero: false, nice: false, padding: 14},
      axis: {title: chart.x, labelOverlap: true, ...whole ? {format: 'd', tickMinStep: 1} : {}}};
    const y = {field: 'y', type: 'quantitative', title: chart.y, scale: {zero: false, padding: 10}};
    const colour = {field: 'name', type: 'nominal', title: null, sort: names, scale: hues(names),
      legend: {orient: 'bottom', columns: width < 600 ? 1 : width < 850 ? 2 : 3, symbolType: 'circle', symbolStrokeWidth: 2, labelLimit: Math.min(width - 60, 420)}};
    const tooltip = [{field: 'name', title: 'line'}, {field: 'x', title: chart.x}, {field: 'y', title: chart.y, format: '.2f'},
      {field: 'low', title: 'least of the seeds', format: '.2f'}, {field: 'high', title: 'greatest', format: '.2f'}];
    const spread = points.filter(p => p.low !== undefined && p.high > p.low);
    const layers = [];
    for (const dashed of [false, true]) {
      layers.push({data: {values: points.filter(p => p.paper === dashed)},
        mark: {type: 'line', strokeWidth: 2, strokeDash: dashed ? [5, 4] : [1, 0]}, encoding: {x, y, color: colour}});
    }
    if (spread.length) layers.push({data: {values: spread}, mark: {type: 'rule', strokeWidth: 1.5},
      encoding: {x, y: {...y, field: 'low'}, y2: {field: 'high'}, color: colour}});
    layers.push({data: {values: points}, mark: {type: 'point', filled: true, size: 46, opacity: 1},
      encoding: {x, y, color: colour, tooltip,
        shape: {field: 'name', type: 'nominal', sort: names, legend: null,
          scale: {domain: names, range: names.map((_, i) => SHAPES[i % SHAPES.length])}}}});
    return spec(look, {width, height: 300, layer: layers, resolve: {scale: {shape: 'independent'}},
      description: `${chart.title}: ${chart.y} against ${chart.x}; ${names.join(', ')}.`});
  }

  /** Values over a plane as shaded squares. All surfaces of a result share one scale, so that they compare. */
  function surface(one, all, look, width) {
    const rows = one.values.flatMap((row, j) => row.map((value, i) => ({x: one.xs[i], y: one.ys[j], value})));
    const values = all.flatMap(s => s.values.flat());
    const low = Math.min(...values);
    const high = Math.max(...values);
    const side = Math.min(width - 120, 460);
    const axis = (field, title, places) => ({field, type: 'ordinal', sort: field === 'y' ? 'descending' : 'ascending',
      axis: {title, labelAngle: 0, format: '.2~f', values: places.filter((_, i) => i % Math.ceil(places.length / 5) === 0), domain: false, ticks: false},
      scale: {paddingInner: 0}});
    return spec(look, {width: side, height: side, autosize: {type: 'pad'}, data: {values: rows}, mark: {type: 'rect'},
      encoding: {
        x: axis('x', one.x, one.xs), y: axis('y', one.y, one.ys),
        color: {field: 'value', type: 'quantitative', title: one.value,
          scale: {type: low > 0 && high > 8 * low ? 'log' : 'linear', domain: [low, high], scheme: 'viridis', reverse: true}, legend: {orient: 'right', gradientLength: Math.min(side, 200)}},
        tooltip: [{field: 'x', title: one.x, format: '.2~f'}, {field: 'y', title: one.y, format: '.2~f'}, {field: 'value', title: one.value, format: '.3f'}]},
      description: `${one.title}: ${one.value} over ${one.x} and ${one.y}, from ${Math.min(...one.values.flat()).toFixed(3)} to ${Math.max(...one.values.flat()).toFixed(3)}.`});
  }

  /** Text of what the grid varied, as in 'a2q P=12'. */
  const configuration = point => [point.label, ...Object.entries(point.keys).map(([k, v]) => `${k}=${v}`)].join(' ');

  /**
   * Moves points of one width aside, by no more than a third of a bit, until no point or bar lies
   * on another: each row gets a {@code place}. A row has bits, accuracy, low and high.
   *
   * @param perBit pixels of one bit
   * @param perUnit pixels of one unit of accuracy
   */
  function asideEachOther(rows, perBit, perUnit) {
    const step = 5;
    const placed = [];
    // those of the front first: they keep their place, and have a ring around them
    for (const row of [...rows].sort((a, b) => b.front - a.front || a.bits - b.bits || b.accuracy - a.accuracy)) {
      const half = row.front ? 10 : 5;
      const top = row.high * perUnit + half;
      const bottom = row.low * perUnit - half;
      const beside = (other, at) => Math.abs(other.at - at) > other.half + half - 0.01;
      const crowd = at => placed.filter(other => !beside(other, at) && other.top > bottom && other.bottom < top).length;
      const steps = Math.max(3, Math.floor(perBit / 3 / step));
      const tries = [0, ...Array.from({length: steps}, (_, i) => [i + 1, -i - 1]).flat()].map(i => row.bits * perBit + i * step);
      const at = tries.reduce((best, one) => crowd(one) < crowd(best) ? one : best);
      placed.push({row, at, top, bottom, half});
    }
    return placed.map(({row, at}) => ({...row, place: at / perBit}));
  }

  /**
   * Accuracy against accumulator bits: a point for each configuration in each register, with its
   * spread over seeds, and the Pareto front. Variables of the grid (a capital first letter, usually
   * P) do not part lines: a method at several P is one line.
   */
  function front(sweep, images, look, width) {
    const of = measure(sweep.points.find(p => p.measure)?.measure);
    const format = `.${of.decimals}f`;
    const method = point => [point.label, ...Object.entries(point.keys).filter(([k]) => !/^[A-Z]/.test(k)).map(([k, v]) => `${k}=${v}`)].join(' ');
    const bits = sweep.points.map(p => p.bits);
    const reach = sweep.points.flatMap(p => [p[images].min, p[images].max, p[images].interval?.low ?? p[images].min, p[images].interval?.high ?? p[images].max]);
    const rows = asideEachOther(sweep.points.map(p => ({configuration: configuration(p), label: p.label, way: p.way, bits: p.bits, front: p.front,
      line: method(p) + '|' + p.way, seeds: p.seeds.length, accuracy: p[images].mean, least: p[images].min, most: p[images].max,
      low: Math.min(p[images].min, p[images].interval?.low ?? Infinity), high: Math.max(p[images].max, p[images].interval?.high ?? -Infinity),
      interval: p[images].interval && `${p[images].interval.low.toFixed(of.decimals)}\u2026${p[images].interval.high.toFixed(of.decimals)}`,
      validation: p.validation.mean, test: p.accuracy.mean})),
    (width - 100) / Math.max(1, Math.max(...bits) - Math.min(...bits)), 300 / (Math.max(...reach) - Math.min(...reach) || 1));
    const best = rows.filter(r => r.front).sort((a, b) => a.bits - b.bits);
    const labels = [...new Set(sweep.points.map(p => p.label))];
    const shapes = [...new Set(sweep.points.map(p => p.way))];
    const x = {field: 'place', type: 'quantitative', axis: {...bitsAxis, title: 'accumulator width, bits'}, scale: {zero: false, nice: false, padding: 14}};
    const y = {field: 'accuracy', type: 'quantitative', title: axisTitle(of, images === 'accuracy' ? 'test ' : 'validation '), scale: {zero: false, padding: 10}};
    const columns = width < 600 ? 2 : 4;
    const color = {field: 'label', type: 'nominal', title: 'method', sort: labels, scale: hues(labels),
      legend: {orient: 'bottom', columns, symbolType: 'circle', symbolOpacity: 1}};
    const shape = {field: 'way', type: 'nominal', title: 'sum', sort: shapes,
      scale: {domain: shapes, range: shapes.map((_, i) => SHAPES[i % SHAPES.length])}, legend: {orient: 'bottom', columns}};
    const tooltip = [{field: 'configuration', title: 'trial'}, {field: 'way', title: 'sum'}, {field: 'bits', title: 'bits'},
      {field: 'validation', title: `validation${of.unit && ', ' + of.unit}`, format},
      {field: 'test', title: `test${of.unit && ', ' + of.unit}`, format},
      ...rows.some(r => r.interval) ? [{field: 'interval', title: '95 % interval'}] : [], {field: 'seeds', title: 'seeds'}];
    return spec(look, {width, height: 340,
      layer: [
        {data: {values: best}, mark: {type: 'line', interpolate: 'step-after', color: look.faint, strokeWidth: 2, strokeDash: [6, 4]}, encoding: {x, y}},
        {data: {values: rows}, mark: {type: 'line', strokeWidth: 1.2, opacity: 0.45},
          encoding: {x, y, detail: {field: 'line', type: 'nominal'}, color}},
        {data: {values: rows.filter(r => r.high > r.low)}, mark: {type: 'rule', strokeWidth: 1.3, tooltip: null},
          encoding: {x, y: {...y, field: 'low'}, y2: {field: 'high'}, color}},
        {data: {values: rows.filter(r => r.most > r.least)}, mark: {type: 'rule', strokeWidth: 4, opacity: 0.45, tooltip: null},
          encoding: {x, y: {...y, field: 'least'}, y2: {field: 'most'}, color}},
        {data: {values: rows}, mark: {type: 'point', filled: true, size: 56, opacity: 1}, encoding: {x, y, color, shape, tooltip}},
        {data: {values: best}, mark: {type: 'point', filled: false, shape: 'circle', size: 230, strokeWidth: 2.2, opacity: 1, color: look.ink},
          encoding: {x, y, tooltip}},
      ],
      description: `${inUnits(of)} against accumulator width in bits; on the front, chosen on validation images: `
        + best.map(r => `${r.bits} bits ${r.configuration} ${r.way} ${figure(r.accuracy, of)}`).join('; ') + '.'});
  }

  const PROMISES = {always: 'always exact', seen: 'exact on the search\u2019s images', data: 'within the budget'};

  /** The layers of a plan with their registers: a bar each, what it would be otherwise as ticks. */
  function plan(result, look, width) {
    const names = result.layers.map(l => l.name);
    const shown = Object.keys(PROMISES).filter(p => result.layers.some(l => l.promise === p));
    const rows = result.layers.map(l => ({...l, holds: PROMISES[l.promise], seen: l.seen ?? '', before: l.before ?? ''}));
    const marks = rows.flatMap(l => [
      ...l.before === '' ? [] : [{name: l.name, bits: l.before, what: 'safe before the repair'}],
      {name: l.name, bits: l.dataType, what: 'data-type rule'}, {name: l.name, bits: l.own, what: 'the file\u2019s own'}]);
    const kinds = [...new Set(marks.map(m => m.what))];
    const y = {field: 'name', type: 'nominal', sort: names, title: null,
      axis: {labelLimit: Math.min(240, Math.floor(width * 0.35)), ticks: false, domain: false}};
    const x = {field: 'bits', type: 'quantitative', axis: {...bitsAxis, title: 'bits of the register'}, scale: {zero: true, nice: false,
      domain: [0, 2 + Math.max(...rows.map(l => Math.max(l.bits, l.own, l.dataType)))]}};
    const tooltip = [{field: 'name', title: 'layer'}, {field: 'register'}, {field: 'holds', title: 'promise'}, {field: 'safe', title: 'no input needs more'},
      {field: 'seen', title: 'widest seen'}, {field: 'dataType', title: 'data-type rule'}, {field: 'reason', title: 'what keeps it there'}];
    const narrow = width < 600 ? 1 : 3;
    return spec(look, {width, height: 24 * rows.length,
      layer: [
        {data: {values: rows}, mark: {type: 'bar', height: {band: 0.68}, cornerRadiusEnd: 2},
          encoding: {x, y, tooltip, color: {field: 'holds', type: 'nominal', title: 'promise', sort: shown.map(p => PROMISES[p]),
            scale: {domain: shown.map(p => PROMISES[p]), range: shown.map(p => ({always: HUES[2], seen: HUES[5], data: HUES[4]})[p])},
            legend: {orient: 'bottom', columns: narrow}}}},
        {data: {values: rows}, mark: {type: 'text', align: 'right', dx: -5, fontWeight: 600, color: '#101418'},
          encoding: {x, y, text: {field: 'bits', type: 'quantitative'}}},
        {data: {values: marks}, mark: {type: 'point', filled: false, size: 70, strokeWidth: 1.8, opacity: 1, color: look.ink},
          encoding: {x, y, shape: {field: 'what', type: 'nominal', title: 'instead', sort: kinds,
            scale: {domain: kinds, range: kinds.map((_, i) => ['diamond', 'triangle-up', 'circle'].slice(-kinds.length)[i])},
            legend: {orient: 'bottom', columns: narrow}},
            tooltip: [{field: 'name', title: 'layer'}, {field: 'what', title: 'register'}, {field: 'bits'}]}},
      ],
      description: 'Bits of each layer\u2019s register: ' + rows.map(l => `${l.name} ${l.bits}, ${l.holds}`).join('; ') + '.'});
  }

  /** LUTs of the whole network in each register: a bar of its layers in the order of execution, in two tints by turns. */
  function luts(result, look, width) {
    const registers = result.layers[0].registers.map((_, i) =>
      [...new Set(result.layers.map(l => l.registers[i].register))].join(', '));
    const rows = result.layers.flatMap((layer, at) => layer.registers.map((r, i) =>
      ({layer: layer.name, at, tint: at % 2, register: registers[i], luts: r.luts, bits: r.bits})));
    const totals = registers.map(register =>
      ({register, luts: rows.filter(r => r.register === register).reduce((sum, r) => sum + r.luts, 0)}));
    const y = {field: 'register', type: 'nominal', sort: registers, title: null,
      axis: {labelLimit: Math.floor(width * 0.35), ticks: false, domain: false}};
    const x = {field: 'luts', type: 'quantitative', title: 'LUTs of all layers, by the formula',
      scale: {domain: [0, 1.14 * Math.max(...totals.map(t => t.luts))], nice: false}};
    return spec(look, {width, height: 34 * registers.length, layer: [
      {data: {values: rows}, mark: {type: 'bar', height: {band: 0.72}, stroke: look.paper, strokeWidth: 1, color: HUES[0]},
        encoding: {y, x, order: {field: 'at'}, opacity: {field: 'tint', type: 'ordinal', scale: {domain: [0, 1], range: [1, 0.7]}, legend: null},
          tooltip: [{field: 'layer'}, {field: 'register'}, {field: 'bits'}, {field: 'luts', title: 'LUTs', format: ',.0f'}]}},
      {data: {values: totals}, mark: {type: 'text', align: 'left', dx: 5},
        encoding: {y, x, text: {field: 'luts', type: 'quantitative', format: ',.0f'}}},
    ],
    description: 'LUTs of all layers in each register: ' + totals.map(t => `${t.register} ${Math.round(t.luts)}`).join('; ') + '.'});
  }

  /** A language model's results in registers that are not exact, as far as they have an end. */
  const narrowed = result => result.results.filter(r => r.accumulator !== 'exact' && Number.isFinite(r.aboveExact));

  /** What each accumulator costs a language model, over exact sums: perplexity in percent, or nats where there is none. */
  function loss(result, look, width) {
    const finite = value => Number.isFinite(value);
    const inPercent = result.results.every(r => r.perplexity);
    const rows = narrowed(result).map(r => ({accumulator: r.accumulator, nats: r.nats, perplexity: r.perplexity?.value, differing: r.differing,
      above: inPercent ? r.perplexity.above : r.aboveExact, low: inPercent ? r.perplexity.aboveInterval?.low : undefined,
      high: inPercent ? r.perplexity.aboveInterval?.high : undefined}));
    const title = inPercent ? 'perplexity above exact sums, %' : 'loss above exact sums, nats';
    const y = {field: 'accumulator', type: 'nominal', sort: rows.map(r => r.accumulator), title: null,
      axis: {labelLimit: Math.min(320, Math.floor(width * 0.42)), ticks: false, domain: false}};
    const ends = rows.flatMap(r => [r.above, r.low ?? r.above, r.high ?? r.above]);
    const x = {field: 'above', type: 'quantitative', title,
      scale: {domain: [Math.min(0, ...ends), 1.16 * Math.max(0.01, ...ends)], nice: false}};
    const tooltip = [{field: 'accumulator'}, {field: 'above', title, format: '.3~r'},
      ...rows.some(r => finite(r.low)) ? [{field: 'low', title: '95 % from', format: '.3~r'}, {field: 'high', title: 'to', format: '.3~r'}] : [],
      {field: 'nats', format: '.4f'}, ...inPercent ? [{field: 'perplexity', format: '.2f'}] : [],
      {field: 'differing', title: `of ${result.tokens} tokens another likeliest`}];
    const size = value => value >= 10 ? value.toFixed(0) : value.toPrecision(2);
    const text = row => (row.above < 0 ? '\u2212' : '+') + size(Math.abs(row.above)) + (inPercent ? '\u202f%' : '');
    return spec(look, {width, height: 30 * rows.length, layer: [
      {data: {values: rows}, mark: {type: 'bar', height: {band: 0.6}, cornerRadiusEnd: 2, color: HUES[0]}, encoding: {y, x, tooltip}},
      {data: {values: rows.filter(r => r.high > r.low)}, mark: {type: 'rule', strokeWidth: 2, color: look.ink, tooltip: null},
        encoding: {y, x: {...x, field: 'low'}, x2: {field: 'high'}}},
      {data: {values: rows.map(r => ({...r, end: Math.max(0, r.above, r.high ?? 0), text: text(r)}))},
        mark: {type: 'text', align: 'left', dx: 6}, encoding: {y, x: {...x, field: 'end'}, text: {field: 'text'}}},
    ],
    description: `${title}: ` + rows.map(r => `${r.accumulator} ${text(r)}`).join('; ') + '.'});
  }

  /** The register that ranges are drawn over: what the run reaches, else what is proven. */
  const registerOf = summary => summary.reachable?.bits ?? summary.proven;

  /** Every chart of a run as [{id, title, draw(look, width)}]; one of each layer's channels too if asked. */
  function of(run, withChannels = false) {
    const charts = [];
    const add = (id, title, draw) => charts.push({id, title, draw});
    const several = (list, i) => list.length > 1 ? `-${i + 1}` : '';
    run.summary.accuracies.forEach((view, i, all) => {
      if (view.curves.length) add('accuracy' + several(all, i), view.measure ? inUnits(measure(view.measure)) + ' against width' : 'Accuracy against width', (l, w) => accuracy(view, l, w));
      if (priced(view).length > 1) {
        add('cost' + several(all, i), (view.measure ? inUnits(measure(view.measure)) : 'Accuracy') + ' against LUTs', (l, w) => cost(view, l, w));
      }
      if (ordered(view).length) {
        add('classes' + several(all, i), 'Overflow by order', (l, w) => classes(view, l, w));
      }
    });
    analyses(run).forEach((analysis, i, all) => {
      if (profiled(analysis).length) add('overflow' + several(all, i), 'Overflow by layer', (l, w) => overflow(analysis, l, w));
      if (analysis.sensitivity) add('sensitivity' + several(all, i), 'Accuracy lost layer by layer', (l, w) => sensitivity(analysis.sensitivity, l, w));
      if (analysis.layers.length) add('ranges' + several(all, i), 'Range of partial sums', (l, w) => ranges(analysis, registerOf(run.summary), l, w));
      if (withChannels) profiled(analysis).filter(layer => layer.profile.channels).forEach(layer =>
        add(`channels${several(all, i)}-${layer.name.replace(/[^A-Za-z0-9._-]+/g, '_')}`, `Channels of ${layer.name}`, (l, w) => channels(layer, l, w)));
    });
    reproductions(run).forEach((result, i, all) => {
      result.charts.forEach(chart => add(`${chart.id}${several(all, i)}`, chart.title, (l, w) => lines(chart, l, w)));
      (result.surfaces ?? []).forEach((one, _, surfaces) =>
        add(`${one.id}${several(all, i)}`, one.title, (l, w) => surface(one, surfaces, l, w)));
    });
    sweeps(run).filter(sweep => sweep.points.length).forEach((sweep, i, all) =>
      add('front' + several(all, i), (word => word ? inUnits(measure(word)) : 'Accuracy')(sweep.points.find(p => p.measure)?.measure) + ' against accumulator width', (l, w) => front(sweep, 'validation', l, w)));
    ofKind(run, 'plan').forEach((result, i, all) =>
      add('plan' + several(all, i), 'Registers by layer', (l, w) => plan(result, l, w)));
    ofKind(run, 'cost').filter(result => result.layers.length).forEach((result, i, all) =>
      add('cost-luts' + several(all, i), 'LUTs by register', (l, w) => luts(result, l, w)));
    ofKind(run, 'language').filter(result => narrowed(result).length).forEach((result, i, all) =>
      add('language-loss' + several(all, i), 'Loss by accumulator', (l, w) => loss(result, l, w)));
    if (run.metrics.length) add('training', 'Training', (l, w) => training(run.metrics, l, w));
    return charts;
  }

  return {LOOKS, HUES, SHAPES, examples, measure, hues, spec, bitsAxis, axisTitle, inUnits, labels, lastChange, of, ofKind, sweeps, front, configuration, channels, layerClasses, analyses, reproductions, enoughFor, trimmed};
})();
