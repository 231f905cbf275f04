// Bundles the extension, with what its dependencies need at run time and ask for: one helper script, their licences.
import { build } from "esbuild";
import { chmod, copyFile, readFile, readdir, rm, writeFile } from "node:fs/promises";

await rm("dist", { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: ["src/extension.ts"],
  outfile: "dist/extension.js",
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node18",
  external: ["vscode"],
  minify: true,
  metafile: true,
  logLevel: "warning",
});

// The client looks for it beside itself to end a server that hangs.
await copyFile("node_modules/vscode-languageclient/lib/node/terminateProcess.sh", "dist/terminateProcess.sh");
await chmod("dist/terminateProcess.sh", 0o755);

const folders = new Set(
  Object.keys(metafile.inputs).flatMap((file) => file.match(/^.*node_modules\/(@[^/]+\/)?[^/]+/)?.[0] ?? []),
);
const notices = [];
for (const folder of [...folders].sort()) {
  const { name, version } = JSON.parse(await readFile(`${folder}/package.json`, "utf8"));
  const licence = (await readdir(folder)).find((file) => /^licen[cs]e/i.test(file));
  if (!licence) {
    throw new Error(`${name} has no licence file`);
  }
  notices.push(`${name} ${version}\n\n${(await readFile(`${folder}/${licence}`, "utf8")).trim()}\n`);
}
await writeFile("dist/licences.txt", notices.join(`\n${"-".repeat(80)}\n\n`));
await copyFile("../../LICENSE", "LICENSE");
