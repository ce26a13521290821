// docs/, and three documents of the checkout's root, as pages. See build.sh.
import {existsSync, readFileSync} from 'node:fs';
import {posix} from 'node:path';
import GithubSlugger from 'github-slugger';
import anchor from 'markdown-it-anchor';
import {addressOf, PAGES, relative, ROOT, SECTIONS} from './pages.js';

/** Where the checkout's files can be read, such as https://forge.example/narrows/blob/main; nowhere if not given. */
const SOURCE = process.env.NARROWS_SOURCE?.replace(/\/+$/, '');

const bySource = new Map(PAGES.map(page => [page.source, page]));

/** The file that a page is made from, as a path in the checkout. */
const sourceOf = inputPath => posix.normalize(inputPath).replace(/^docs\/@/, '');

/** What becomes of a link in a page: an address, or nothing if it leads where this site has no copy of. */
function resolved(link, source) {
  if (/^([a-z]+:|#)/.test(link)) return link;
  const [, path, hash] = /^([^#]*)(#.*)?$/.exec(link);
  const target = posix.join(posix.dirname(source), path).replace(/\/$/, '');
  if (!existsSync(ROOT + target)) throw new Error(`${source}: ${link} leads to no file`);
  const from = addressOf(source);
  if (bySource.has(target)) return relative(from, addressOf(target)) + (hash ?? '');
  if (/^docs\/.*\.(svg|png|csv|json)$/.test(target)) return relative(from, addressOf(target));
  return SOURCE && `${SOURCE}/${target}${hash ?? ''}`;
}

/** Headings of level 2 of each page, for the list beside it: source → [{id, text}]. */
const headings = new Map();

function markdown(library) {
  library.set({html: true});
  library.use(anchor, {
    // as the forge makes them: a new slugger for each page, see below
    slugifyWithState: (text, state) => (state.env.slugger ??= new GithubSlugger()).slug(text),
    permalink: anchor.permalink.headerLink({safariReaderFix: true}),
    tabIndex: false,
  });
  library.core.ruler.push('pages', state => {
    const source = sourceOf(state.env.page.inputPath);
    const found = [];
    state.tokens.forEach((token, i) => {
      if (token.type === 'heading_open' && token.tag === 'h2') {
        const text = state.tokens[i + 1].children.filter(t => t.type === 'text' || t.type === 'code_inline').map(t => t.content).join('');
        found.push({id: token.attrGet('id'), text});
      }
      if (token.type !== 'inline') return;
      // a figure or a word is not broken, a sentence is
      if (/^t[hd]_open$/.test(state.tokens[i - 1].type) && token.content.length <= 22) state.tokens[i - 1].attrJoin('class', 'short');
      const open = [];
      for (const child of token.children) {
        if (child.type === 'image') child.attrSet('src', resolved(child.attrGet('src'), source));
        if (child.type === 'link_open') {
          const to = resolved(child.attrGet('href'), source);
          open.push(to);
          if (to) child.attrSet('href', to);
          else [child.tag, child.attrs] = ['span', [['class', 'source']]];
        }
        if (child.type === 'link_close' && !open.pop()) child.tag = 'span';
      }
    });
    headings.set(source, found);
  });
  // wide tables and code scroll by themselves, by the keyboard, too
  library.renderer.rules.table_open = () => '<div class="scroll" tabindex="0" role="group" aria-label="table"><table>\n';
  library.renderer.rules.table_close = () => '</table></div>\n';
  for (const rule of ['fence', 'code_block']) {
    const plain = library.renderer.rules[rule];
    library.renderer.rules[rule] = (...all) => plain(...all).replace('<pre', '<pre tabindex="0"');
  }
}

export default function (eleventy) {
  eleventy.amendLibrary('md', markdown);
  for (const {source} of PAGES.filter(page => !page.source.startsWith('docs/'))) {
    eleventy.addTemplate(`@${source}`, readFileSync(ROOT + source, 'utf8'));
  }
  eleventy.addPassthroughCopy('docs/**/*.{svg,png,csv,json}');
  eleventy.addPassthroughCopy({'site/style.css': 'style.css'});
  eleventy.addGlobalData('layout', 'page.njk');
  eleventy.addGlobalData('sections', SECTIONS);
  eleventy.addGlobalData('eleventyComputed.permalink', () => data => addressOf(sourceOf(data.page.inputPath)));
  eleventy.addFilter('place', inputPath => {
    const source = sourceOf(inputPath);
    const section = SECTIONS.find(one => one.groups.some(group => group.pages.some(page => page.source === source)));
    const pages = section?.groups.flatMap(group => group.pages) ?? [];
    const at = pages.findIndex(page => page.source === source);
    return {...bySource.get(source), section, previous: pages[at - 1], next: at < 0 ? undefined : pages[at + 1]};
  });
  eleventy.addFilter('from', (to, from) => relative(from, to));
  eleventy.addFilter('headings', source => headings.get(source));
  return {
    dir: {input: 'docs', includes: '../site/layout', output: 'site/target'},
    templateFormats: ['md'],
    markdownTemplateEngine: false, // the documents are Markdown and nothing else
  };
}
