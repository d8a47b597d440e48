import { defineConfig } from "vite";

export default defineConfig({
  build: { outDir: "target/classes/console", emptyOutDir: true, assetsInlineLimit: 0, modulePreload: { polyfill: false } },
});
