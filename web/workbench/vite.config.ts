import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { constants, gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

// Development only: where `vite` finds a running service. The built files are served by that service itself.
const service = process.env.XUNCHA_SERVICE ?? "http://127.0.0.1:8080";

// The binary serves what is compressed here, once, at the highest level (embed.go).
function compressed(): Plugin {
  const dist = fileURLToPath(new URL("./dist/", import.meta.url));
  return {
    name: "compressed",
    apply: "build",
    closeBundle() {
      writeFileSync(`${dist}.keep`, ""); // go:embed needs a file on a clean clone; this one is committed
      for (const file of readdirSync(`${dist}assets`)) {
        const path = `${dist}assets/${file}`;
        writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: constants.Z_BEST_COMPRESSION }));
      }
    },
  };
}

// The API's documentation, served at /docs (embed.go): Swagger UI's own files as they came, apart from the workbench,
// whose chunks they would otherwise share and enlarge.
function docs(): Plugin {
  const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
  const files = {
    "swagger-ui.css": at("./node_modules/swagger-ui-dist/swagger-ui.css"),
    "swagger-ui-bundle.js": at("./node_modules/swagger-ui-dist/swagger-ui-bundle.js"),
    "start.js": at("./src/docs/start.js"),
  };
  return {
    name: "docs",
    apply: "build",
    generateBundle() {
      let page = readFileSync(at("./src/docs/docs.html"), "utf8");
      for (const [name, path] of Object.entries(files)) {
        const emitted = this.emitFile({ type: "asset", name, source: readFileSync(path) });
        page = page.replace(`"${name}"`, `"/${this.getFileName(emitted)}"`);
      }
      this.emitFile({ type: "asset", fileName: "docs.html", source: page });
    },
  };
}

export default defineConfig({
  plugins: [react(), docs(), compressed()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  server: { proxy: { "/v1": service, "/auth": service } },
  build: {
    // 信创 browsers of 2021 are Chromium 87 (UX 4.4).
    target: ["chrome87", "edge88", "firefox85", "safari14"],
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: "react", test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/, priority: 30 },
            { name: "tanstack", test: /node_modules[\\/]@tanstack[\\/]/, priority: 20 },
          ],
        },
      },
    },
  },
  test: {
    setupFiles: ["./tests/setup.ts"],
    include: ["src/**/*.test.{ts,tsx}"],
  },
});
