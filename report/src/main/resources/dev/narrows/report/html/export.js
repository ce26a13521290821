'use strict';
// Charts as files: SVG, PNG, and their data as CSV. Nothing leaves the page but what a person saves.
const narrowsExport = (() => {
  /** Fields that only place or style a mark. */
  const DRAWN_ONLY = new Set(['ring', 'drill', 'place', 'ideal']);

  /** The data of a specification: [{mark, rows}], each set of rows once. */
  function tables(specification) {
    const found = [];
    const walk = (node, inherited) => {
      const rows = node.data?.values ?? inherited;
      const mark = node.mark?.type ?? node.mark;
      if (mark && rows?.length) found.push({mark, rows: rows.map(plain)});
      for (const part of [...node.layer ?? [], ...node.concat ?? [], ...node.spec ? [node.spec] : []]) walk(part, rows);
    };
    walk(specification);
    const texts = found.map(table => new Set(table.rows.map(row => JSON.stringify(row))));
    // a line, its points and their rings are drawn from the same rows: the fullest set stays
    return found.filter((_, i) => !texts.some((other, j) => j !== i && (other.size > texts[i].size || other.size === texts[i].size && j > i)
      && [...texts[i]].every(row => other.has(row))));
  }

  const plain = row => Object.fromEntries(Object.entries(row).filter(([key]) => !DRAWN_ONLY.has(key)));

  const cell = value => {
    const text = value === undefined || value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
    return /[",\n\r]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
  };

  /** The data of a chart: a row for each mark; where there are several kinds of marks, the first column names them. */
  function csv(specification) {
    const all = tables(specification);
    const rows = all.flatMap(({mark, rows: own}) => own.map(row => all.length > 1 ? {mark, ...row} : row));
    const columns = [...new Set(rows.flatMap(Object.keys))];
    return [columns, ...rows.map(row => columns.map(column => row[column]))].map(line => line.map(cell).join(',') + '\n').join('');
  }

  /** Pixels for each unit of a chart, as report --charts has it. */
  const SCALE = 2;

  function save(name, blob) {
    const link = document.createElement('a');
    link.download = name;
    link.href = URL.createObjectURL(blob);
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  const rowsAsCsv = rows => csv({mark: 'row', data: {values: rows}});

  /** Saves a drawing of ours, or its rows. */
  async function drawing(form, name, svg, rows) {
    if (form === 'CSV') return save(name + '.csv', new Blob([rowsAsCsv(rows)], {type: 'text/csv'}));
    const text = new XMLSerializer().serializeToString(svg);
    if (form === 'SVG') return save(name + '.svg', new Blob([text], {type: 'image/svg+xml'}));
    const image = new Image();
    image.src = 'data:image/svg+xml;charset=utf-8,' + encodeURIComponent(text);
    await image.decode();
    const canvas = document.createElement('canvas');
    // no browser makes a picture of any size
    const scale = Math.min(SCALE, 16000 / Math.max(image.width, image.height));
    [canvas.width, canvas.height] = [image.width * scale, image.height * scale];
    canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
    save(name + '.png', await new Promise(done => canvas.toBlob(done, 'image/png')));
  }

  /** Saves a chart, drawn for a white ground whatever the page's theme. */
  async function file(form, name, specification) {
    if (form === 'CSV') return save(name + '.csv', new Blob([csv(specification)], {type: 'text/csv'}));
    const view = new vega.View(vega.parse(vegaLite.compile(specification).spec), {renderer: 'none', logLevel: vega.Error});
    if (form === 'SVG') save(name + '.svg', new Blob([await view.toSVG()], {type: 'image/svg+xml'}));
    else {
      const canvas = await view.toCanvas(SCALE);
      save(name + '.png', await new Promise(done => canvas.toBlob(done, 'image/png')));
    }
    view.finalize();
  }

  return {csv, file, drawing};
})();
