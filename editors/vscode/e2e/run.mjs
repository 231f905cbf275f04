// Drives the extension in VS Code as a person would: node run.mjs SERVER [PICTURE.png]; `make vscode-e2e` calls it.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { Editor, TIMEOUT, until } from "./vscode.mjs";

const HERE = import.meta.dirname;
const EXTENSION = join(HERE, "../checkov-cloudtrail.vsix");
const FAILURES = join(HERE, "../../../build/vscode-e2e");
const SECTION = "checkov-cloudtrail";
const [server, picture] = process.argv.slice(2);

const terraform = { trail: '"aws_cloudtrail"', address: "aws_cloudtrail.audit", attribute: "is_multi_region_trail" };
const template = { trail: "Audit", address: "Audit", attribute: "IsMultiRegionTrail" };
const tf = { file: "main.tf", ...terraform };
const yaml = { file: "stack.yaml", ...template };

const has = (text) => (rows) => rows.some((row) => row.includes(text));
const without = (text) => (rows) => !has(text)(rows);

function step(text) {
  console.log(`  ${text}`);
}

function expect(what, fact) {
  if (!fact) {
    throw new Error(`not so: ${what}`);
  }
  step(what);
}

/** One VS Code from nothing; the body gets it, its folders, and the process ids of the servers that were started. */
async function scenario(name, { extensions = [], settings = {}, copies = {}, files = {}, viewport }, body) {
  console.log(name);
  const home = await mkdtemp(join(tmpdir(), "vscode-e2e-"));
  const workspace = join(home, "trails");
  for (const [file, from] of Object.entries(copies)) {
    await cp(join(HERE, "workspace", from), join(workspace, file));
  }
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(workspace, file)), { recursive: true });
    await writeFile(join(workspace, file), text);
  }
  const started = join(home, "started");
  const script = async (file, command) => {
    await writeFile(join(home, file), `#!/bin/sh\necho $$ >> "${started}"\nexec ${command}\n`);
    await chmod(join(home, file), 0o755);
    return join(home, file);
  };
  const starts = async () => (existsSync(started) ? (await readFile(started, "utf8")).trim().split("\n") : []);
  const serverCommand = [await script("server", `"${resolve(server)}" lsp`)];
  let editor;
  try {
    const own = { "security.workspace.trust.enabled": false, [`${SECTION}.serverCommand`]: serverCommand };
    editor = await Editor.open({
      home,
      workspace,
      extensions: [EXTENSION, ...extensions],
      settings: { ...own, ...settings },
      viewport,
    });
    await body({ editor, workspace, home, script, starts });
  } catch (error) {
    const base = join(FAILURES, name.replaceAll(/\W+/g, "-"));
    await mkdir(FAILURES, { recursive: true });
    await editor?.page?.screenshot({ path: `${base}.png` }).catch(() => {});
    await cp(join(home, "vscode.log"), `${base}.log`).catch(() => {});
    console.error(`  the screen and the log: ${base}.png, ${base}.log`);
    throw error;
  } finally {
    await editor?.close();
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Diagnostic, hover and quick fix of one file. */
async function judge(editor, { file, trail, address, attribute }) {
  await editor.show(file);
  await editor.run("Problems: Focus on Problems View");
  await editor.waitForProblems(`CT002 in ${file}`, has("CT002"));
  await editor.page.locator(".editor-instance .squiggly-error").first().waitFor();
  step(`${file}: CT002 in the Problems panel, and a squiggle`);
  await editor.hover(trail, [address, "account not covered", "CT002 single-region-trail"]);
  step(`${file}: the trail's hover has its coverage and the verdicts`);
  await editor.hover("false", ["The trail is single-Region", attribute, "Quick Fix..."]);
  step(`${file}: the hover of the value has the diagnostic, and offers the fix`);
  await editor.fix("false", `Set ${attribute} to true`);
  await editor.waitForProblems(`no CT002 in ${file}`, without("CT002"));
  expect(`${file}: the quick fix was applied, and CT002 is gone`, !(await editor.text()).includes("false"));
}

async function alone({ editor, workspace, home, script, starts }) {
  await editor.show("other.json");
  await editor.page.waitForTimeout(2000);
  expect("a JSON file of another kind starts nothing", (await starts()).length === 0);

  await judge(editor, tf);
  await judge(editor, yaml);
  expect("one server for both", (await starts()).length === 1);
  await editor.run("File: Revert File");
  await editor.show(tf.file);
  await editor.run("File: Revert File");
  await editor.waitForProblems("CT002 again", has("CT002"));

  await editor.configure({ [`${SECTION}.profile`]: "control" });
  await editor.waitForProblems("profile control", (rows) => has("CT001")(rows) && without("CT002")(rows));
  await editor.configure({});
  await editor.waitForProblems("CT002 again", has("CT002"));
  step("the setting profile changes the findings at once");
  await writeFile(join(workspace, "checkov-cloudtrail.toml"), 'ignore = ["CT002"]\n');
  await editor.waitForProblems("CT002 ignored", (rows) => has("CT001")(rows) && without("CT002")(rows));
  await rm(join(workspace, "checkov-cloudtrail.toml"));
  await editor.waitForProblems("CT002 again", has("CT002"));
  step("so does the configuration file");
  await editor.configure({ [`${SECTION}.codeLens`]: true });
  const lens = editor.page.locator(".codelens-decoration", { hasText: "account not covered" });
  await editor.show(tf.file);
  await lens.waitFor();
  await editor.configure({});
  step("the setting codeLens shows a line above the trail");

  await editor.run("checkov-cloudtrail: Restart server");
  await until("a second server", async () => (await starts()).length === 2);
  const [first, second] = await starts();
  await until("the end of the first", () => !existsSync(`/proc/${first}`));
  // The Problems panel may still show what the first one said; a hover comes from the second.
  await editor.hover(tf.trail, [tf.address]);
  await editor.waitForProblems("CT002 after the restart", has("CT002"));
  step("the command Restart server");
  process.kill(Number(second), "SIGKILL");
  await until("a third server", async () => (await starts()).length === 3);
  await editor.hover(tf.trail, [tf.address]);
  await editor.waitForProblems("CT002 after the crash", has("CT002"));
  expect("a server that crashes is started again without a message", (await editor.notifications()).length === 0);
  await editor.run("checkov-cloudtrail: Show output");
  const panel = editor.page.locator(".part.panel .view-line");
  await until("the output", async () => (await panel.allTextContents()).join("").includes("SIGKILL"));
  step("the command Show output");
  await editor.run("Problems: Focus on Problems View");

  const broken = {
    "a command that does not exist": join(home, "missing"),
    "a command that fails at once": "false",
  };
  for (const [what, command] of Object.entries(broken)) {
    await editor.configure({ [`${SECTION}.serverCommand`]: [command] });
    await until("a message", async () => (await editor.notifications()).length > 0);
    await editor.page.waitForTimeout(3000);
    const messages = await editor.notifications();
    const named = [command, `${SECTION}.serverCommand`].every((each) => messages[0].includes(each));
    expect(`${what}: one message, which names the command and the setting`, messages.length === 1 && named);
    await editor.run("Notifications: Clear All Notifications");
  }
  await editor.configure({ [`${SECTION}.serverCommand`]: [await script("hang", "sleep 600")] });
  const before = (await starts()).length;
  await until("a server that hangs", async () => (await starts()).length > before);
  const hanging = (await starts()).at(-1);
  await editor.configure({});
  await editor.hover(tf.trail, [tf.address]);
  await editor.waitForProblems("CT002 after the repair", has("CT002"));
  await until("the end of the server that hangs", () => !existsSync(`/proc/${hanging}`));
  const quiet = (await editor.notifications()).length === 0;
  expect("a server that hangs is ended when the setting changes, and the next one works", quiet);

  for (let crash = 1; (await editor.notifications()).length === 0; crash++) {
    if (crash > 5) {
      throw new Error("a server that crashes again and again is started for ever");
    }
    const all = await starts();
    process.kill(Number(all.at(-1)), "SIGKILL");
    await until("an end", async () => (await starts()).length > all.length || (await editor.notifications()).length > 0);
    if ((await starts()).length > all.length) {
      await editor.hover(tf.trail, [tf.address]);
    }
  }
  expect("a server that crashes again and again is given up with one message", (await editor.notifications()).length === 1);
  await editor.run("checkov-cloudtrail: Restart server");
  await editor.hover(tf.trail, [tf.address]);
  step("and the command Restart server starts it again");
}

async function beside({ editor }) {
  for (const each of [tf, yaml]) {
    const language = each === tf ? "terraform" : "yaml";
    await judge(editor, each);
    await editor.waitForProblems("the other extension's problem", has(`problem of ${language}`));
    await editor.hover(each.trail, [each.address, `hover of ${language}`]);
    step(`${each.file}: the other extension's diagnostic and hover are there too`);
  }
}

async function names({ editor }) {
  await judge(editor, { file: "main.tofu", ...terraform });
  await judge(editor, { file: "stack.template", ...template });
}

async function untrusted({ editor, home, starts }) {
  await editor.page.locator(".statusbar-item", { hasText: "Restricted Mode" }).waitFor();
  await judge(editor, tf);
  const harmless = !existsSync(join(home, "hostile")) && (await starts()).length === 1;
  expect("the command of an untrusted workspace is not run, the user's is", harmless);
}

async function show({ editor }) {
  await editor.show(tf.file);
  await editor.run("Problems: Focus on Problems View");
  await editor.waitForProblems("CT002", has("CT002"));
  await editor.run("View: Close Primary Side Bar");
  await editor.page.locator(".editor-instance .view-line").last().click();
  const hover = await editor.hover("var.all_regions", ["The trail is single-Region", 'variable "all_regions" defaults to false']);
  await until("what can be done about it", async () => !(await hover.allInnerTexts()).join("").includes("Checking"));
  // Without the bars around it, and what is empty below the problems.
  const { width, height } = editor.page.viewportSize();
  await editor.page.screenshot({ path: picture, clip: { x: 48, y: 35, width: width - 48, height: height - 120 } });
}

async function pack(folder, file) {
  const vsce = [join(HERE, "../node_modules/@vscode/vsce/vsce"), "package", "--out", file];
  const options = ["--no-dependencies", "--allow-missing-repository", "--skip-license"];
  execFileSync(process.execPath, [...vsce, ...options], {
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"],
    timeout: TIMEOUT,
  });
}

const both = { "main.tf": "main.tf", "stack.yaml": "stack.yaml" };
const hostile = JSON.stringify({ [`${SECTION}.serverCommand`]: ["sh", "-c", "touch ../hostile"] });
const packed = await mkdtemp(join(tmpdir(), "vscode-e2e-"));
try {
  const languages = join(packed, "languages.vsix");
  await pack(join(HERE, "languages"), languages);
  await scenario("alone", { copies: both, files: { "other.json": "{}\n" } }, alone);
  await scenario("beside another extension for the same languages", { extensions: [languages], copies: both }, beside);
  await scenario("other names", { copies: { "main.tofu": "main.tf", "stack.template": "stack.yaml" } }, names);
  const trust = { "security.workspace.trust.enabled": true, "security.workspace.trust.startupPrompt": "never" };
  const files = { ".vscode/settings.json": hostile };
  await scenario("an untrusted workspace", { settings: trust, copies: both, files }, untrusted);
  if (picture) {
    const options = { settings: { "editor.hover.above": false }, viewport: { width: 920, height: 690 } };
    await scenario("the picture", { copies: { "main.tf": "picture.tf" }, ...options }, show);
  }
  console.log("passed");
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  await rm(packed, { recursive: true, force: true });
}
