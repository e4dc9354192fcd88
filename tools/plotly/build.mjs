// npm install && node build.mjs: kaohe/batch/web/plotly.min.js anew, with a newer plotly.js or another trace type.
//
// plotly.py's own plotly.min.js knows some fifty trace types and maps; reading it takes most of the time until a page's
// first chart stands. The version in package.json is the one that plotly.py of requirements.lock carries; a test in
// tests/batch/test_export.py holds the two equal, and the trace types against kaohe/batch/figures.py.
import { build } from "esbuild";
import { readFileSync } from "node:fs";

const { version } = JSON.parse(readFileSync("node_modules/plotly.js/package.json", "utf8"));
const traces = [...readFileSync("pages.js", "utf8").matchAll(/plotly\.js\/lib\/(\w+)/g)]
  .map((found) => found[1]).filter((name) => name !== "core");
// Styles of maps and what plotly.js says of its attributes, for its own reference, are of no use to a page.
const text = String.raw`(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")`;
const described = new RegExp(String.raw`\bdescription:\s*(?:\[\s*${text}(?:,\s*${text})*,?\s*\]\.join\(${text}\)|${text})\s*(?=[,}])`, "g");
const nothing = {
  name: "nothing",
  setup(every) {
    every.onLoad({ filter: /\.css$/ }, () => ({ contents: "", loader: "js" }));
    every.onLoad({ filter: /plotly\.js[\\/]src[\\/].*\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replace(described, "description: ''"),
      loader: "js",
    }));
  },
};
await build({
  entryPoints: ["pages.js"],
  outfile: "../../kaohe/batch/web/plotly.min.js",
  bundle: true,
  minify: true,
  charset: "ascii",
  format: "iife",
  globalName: "Plotly",
  footer: { js: "Plotly=Plotly.default;" },
  banner: {
    js: `/* plotly.js v${version} (scatter, ${traces.join(", ")}), Copyright 2012-2026, Plotly, Inc., MIT license; made by tools/plotly */`,
  },
  legalComments: "eof",
  define: { global: "window", "define.amd": "false", "process.env.NODE_DEBUG": "false" },
  plugins: [nothing],
  target: "es2018",
  logLevel: "info",
});
