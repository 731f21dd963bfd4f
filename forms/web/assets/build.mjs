// Bundles the entries of this folder into static/built: names carry a hash of the content, manifest.json says which is which.
// An entry is any .js or .css that lies right here; what entries import lies in folders.

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, '..', 'static', 'built');

const entries = readdirSync(here).filter((name) => ['.js', '.css'].includes(extname(name)));

function bundle() {
  return build({
    absWorkingDir: here,
    entryPoints: entries,
    outdir: out,
    bundle: true,
    minify: true,
    metafile: true,
    format: 'esm',
    target: 'es2022',
    charset: 'utf8',
    entryNames: '[name]-[hash]',
    assetNames: '[name]-[hash]',
    loader: { '.svg': 'file', '.png': 'file', '.woff2': 'file' },
    legalComments: 'none',
    logLevel: 'warning',
  });
}

// Source name -> file name. A style sheet that a script imports is written beside it under the script's name.
function manifest(outputs) {
  const names = {};
  for (const [path, output] of Object.entries(outputs)) {
    if (output.entryPoint) {
      const source = basename(output.entryPoint);
      names[source] = basename(path);
      if (output.cssBundle) {
        names[source.replace(/\.js$/, '.css')] = basename(output.cssBundle);
      }
    }
  }
  return names;
}

// The bundler keeps no licence text by itself, and the viewer's asks to be passed on with every copy.
function packageFolder(input) {
  const match = input.match(/^(?:.*\/)?node_modules\/(@[^/]+\/[^/]+|[^/]+)/);
  return match ? match[0] : null;
}

function licence(folder) {
  const about = JSON.parse(readFileSync(join(here, folder, 'package.json'), 'utf8'));
  const file = readdirSync(join(here, folder)).find((name) => /^licen[cs]e/i.test(name));
  const text = file ? readFileSync(join(here, folder, file), 'utf8').trim() : `Licence: ${about.license}`;
  return `${about.name} ${about.version}\n\n${text}\n`;
}

function licences(inputs) {
  const folders = new Set(Object.keys(inputs).map(packageFolder).filter(Boolean));
  return [...folders].sort().map(licence).join(`\n${'-'.repeat(78)}\n\n`);
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const { metafile } = await bundle();
const names = manifest(metafile.outputs);
writeFileSync(join(out, 'manifest.json'), `${JSON.stringify(names, null, 2)}\n`);
writeFileSync(join(out, 'LICENSES.txt'), licences(metafile.inputs));
for (const [path, { bytes }] of Object.entries(metafile.outputs)) {
  console.log(relative(here, join(here, path)), bytes);
}
