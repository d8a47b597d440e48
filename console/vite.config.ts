import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

// While the page is worked on: `npx vite` serves it and passes the rest on to a service (CLAIMCHECK_URL).
const service = process.env["CLAIMCHECK_URL"] ?? "http://127.0.0.1:8080";
const API = ["/videos", "/events", "/access", "/media", "/webhooks", "/operations/", "/docs", "/openapi"];

/** What a browser fetches before any page of the console can be used, compressed. The player comes with the first video only. */
const FIRST_LOAD_AT_MOST = 300_000;
const LATER = ["src/pages/job/Player.tsx", "node_modules/hls.js/dist/hls.mjs"];

/** Fails the build where the first load of a page has grown too large. */
function firstLoad(): Plugin {
  return {
    name: "first-load",
    generateBundle(_, bundle) {
      const chunks = Object.values(bundle).filter((one) => one.type === "chunk");
      const sizes = new Map(Object.values(bundle).map((one) => [one.fileName, gzipSync(one.type === "chunk" ? one.code : one.source).length]));
      const needed = (fileName: string, found = new Set<string>()): Set<string> => {
        if (found.has(fileName)) return found;
        found.add(fileName);
        const chunk = chunks.find((one) => one.fileName === fileName);
        chunk?.imports.forEach((other) => needed(other, found));
        chunk?.viteMetadata?.importedCss.forEach((css: string) => found.add(css));
        return found;
      };
      const entry = chunks.find(({ isEntry }) => isEntry);
      if (entry === undefined) return;
      for (const page of chunks.filter((one) => one.isDynamicEntry && !LATER.some((later) => one.facadeModuleId?.endsWith(later)))) {
        const bytes = [...new Set([...needed(entry.fileName), ...needed(page.fileName)])].reduce((sum, name) => sum + (sizes.get(name) ?? 0), 0);
        if (bytes > FIRST_LOAD_AT_MOST) this.error(`${page.name} loads ${bytes} bytes at first; at most ${FIRST_LOAD_AT_MOST} are allowed.`);
      }
    },
  };
}

/** The licences of everything that ends up in the page, in one file beside it, as they ask for. */
function licences(): Plugin {
  return {
    name: "licences",
    generateBundle() {
      const folders = new Set([...this.getModuleIds()].flatMap((id) => /^\0?(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1] ?? []));
      const texts = [...folders]
        .filter((folder) => existsSync(join(folder, "package.json")))
        .map((folder) => {
          const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Record<string, string>;
          const file = readdirSync(folder).find((one) => /^(licen[cs]e|copying)/i.test(one));
          return `${name} ${version} (${license ?? "see below"})\n\n${file === undefined ? "" : readFileSync(join(folder, file), "utf8").trim()}\n`;
        })
        .sort();
      this.emitFile({ type: "asset", fileName: "licences.txt", source: `The console contains these packages.\n\n${texts.join(`\n${"-".repeat(80)}\n\n`)}` });
    },
  };
}

export default defineConfig({
  plugins: [firstLoad(), licences()],
  resolve: { alias: { "react-remove-scroll": fileURLToPath(new URL("./src/ui/RemoveScroll.tsx", import.meta.url)) } },
  build: { outDir: "target/classes/console", emptyOutDir: true, assetsInlineLimit: 0, modulePreload: { polyfill: false }, chunkSizeWarningLimit: 1000 },
  server: { proxy: Object.fromEntries(API.map((path) => [path, service])) },
});
