import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

// While the page is worked on: `npx vite` serves it and passes the rest on to a service (CLAIMCHECK_URL).
const service = process.env["CLAIMCHECK_URL"] ?? "http://127.0.0.1:8080";
const API = ["/videos", "/events", "/access", "/media", "/webhooks", "/operations/", "/docs", "/openapi"];

export default defineConfig({
  resolve: { alias: { "react-remove-scroll": fileURLToPath(new URL("./src/ui/RemoveScroll.tsx", import.meta.url)) } },
  build: { outDir: "target/classes/console", emptyOutDir: true, assetsInlineLimit: 0, modulePreload: { polyfill: false }, manifest: "manifest.json" },
  server: { proxy: Object.fromEntries(API.map((path) => [path, service])) },
});
