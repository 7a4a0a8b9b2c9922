import { createHash } from "node:crypto";
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

// The service worker of the field page (现场检查): src/field/worker.js with the names of the files that the page is made of.
function worker(): Plugin {
  return {
    name: "worker",
    apply: "build",
    generateBundle(_, bundle) {
      const entry = Object.values(bundle).find(
        (file) => file.type === "chunk" && file.isEntry && file.name === "field",
      );
      const files = new Set<string>();
      const take = (name: string) => {
        const file = bundle[name];
        if (file?.type !== "chunk" || files.has(`/${name}`)) return;
        files.add(`/${name}`);
        for (const css of file.viteMetadata?.importedCss ?? []) files.add(`/${css}`);
        for (const imported of file.imports) take(imported);
      };
      if (entry) take(entry.fileName);
      const names = JSON.stringify([...files].sort());
      const source = readFileSync(fileURLToPath(new URL("./src/field/worker.js", import.meta.url)), "utf8")
        .replace("__FILES__", names)
        .replace("__VERSION__", createHash("sha256").update(names).digest("hex").slice(0, 12));
      this.emitFile({ type: "asset", fileName: "field/worker.js", source });
    },
  };
}

export default defineConfig({
  plugins: [react(), docs(), worker(), compressed()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  server: { proxy: { "/v1": service, "/auth": service } },
  build: {
    // 信创 browsers of 2021 are Chromium 87 (UX 4.4).
    target: ["chrome87", "edge88", "firefox85", "safari14"],
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      input: {
        index: fileURLToPath(new URL("./index.html", import.meta.url)),
        field: fileURLToPath(new URL("./field.html", import.meta.url)),
      },
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
