// Looks at every page of site/target: links and pictures lead to a file and a place in it, or to a file of the checkout.
import {existsSync, readFileSync, readdirSync, statSync} from 'node:fs';
import {dirname, join, relative, resolve} from 'node:path';
import {Parser} from 'htmlparser2';
import {PAGES, ROOT} from './pages.js';

const OUT = resolve(process.argv[2] ?? join(ROOT, 'site/target'));
const SOURCE = process.env.NARROWS_SOURCE?.replace(/\/+$/, '');
const ADDRESSES = {a: 'href', img: 'src', link: 'href', script: 'src'};

/** The ids and the addresses of a page. */
function read(file) {
  const ids = new Set();
  const links = [];
  const repeated = [];
  const parser = new Parser({
    onopentag(name, attributes) {
      if (attributes.id && ids.has(attributes.id)) repeated.push(attributes.id);
      if (attributes.id) ids.add(attributes.id);
      if (attributes[ADDRESSES[name]] !== undefined) links.push(attributes[ADDRESSES[name]]);
    },
  });
  parser.end(readFileSync(file, 'utf8'));
  return {ids, links, repeated};
}

const files = readdirSync(OUT, {recursive: true}).filter(name => name.endsWith('.html')).map(name => join(OUT, name));
const pages = new Map(files.map(file => [file, read(file)]));
const wrong = PAGES.filter(page => !pages.has(join(OUT, page.address))).map(page => `${page.address}: is missing`);
const reached = new Set([join(OUT, 'index.html')]);
let count = 0;
for (const [file, {links, repeated}] of pages) {
  const name = relative(OUT, file);
  repeated.forEach(id => wrong.push(`${name}: two elements are called ${id}`));
  for (const link of links) {
    if (SOURCE && link.startsWith(SOURCE + '/')) {
      count++;
      const path = link.slice(SOURCE.length + 1).replace(/#.*/, '');
      if (!existsSync(join(ROOT, path))) wrong.push(`${name}: ${link} is no file of the checkout`);
      continue;
    }
    if (/^[a-z]+:/.test(link)) continue;
    count++;
    const [, path, id] = /^([^#]*)#?(.*)$/.exec(link);
    const target = path ? resolve(dirname(file), decodeURIComponent(path)) : file;
    if (!target.startsWith(OUT + '/') || !existsSync(target) || !statSync(target).isFile()) wrong.push(`${name}: ${link} leads to no file`);
    else if (id && !pages.get(target)?.ids.has(decodeURIComponent(id))) wrong.push(`${name}: ${link} leads to no place of that name`);
    reached.add(target);
  }
}
files.filter(file => !reached.has(file)).forEach(file => wrong.push(`${relative(OUT, file)}: no page leads here`));
if (count === 0) wrong.push('no links at all');
if (wrong.length) {
  console.error(wrong.map(line => `site: ${line}`).join('\n'));
  process.exit(1);
}
console.log(`site: ${files.length} pages in ${relative(process.cwd(), OUT) || '.'}, ${count} links within, none of them dead`);
