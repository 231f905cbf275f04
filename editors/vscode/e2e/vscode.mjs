// VS Code in a browser: a server with its own folders, a page of Chromium, and what a person does there.
import { spawn, execFile } from "node:child_process";
import { createInterface } from "node:readline";
import { openSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { chromium } from "playwright-core";

const CODE = join(import.meta.dirname, "node_modules/code-server/lib/vscode/out/server-main.js");
const TOKEN = "e2e";
export const TIMEOUT = 30_000;

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const QUIET = {
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.enableExperiments": false,
  "workbench.colorTheme": "Default Light Modern",
  "telemetry.telemetryLevel": "off",
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "update.showReleaseNotes": false,
  "files.autoSave": "off",
  "editor.minimap.enabled": false,
};

async function write(file, settings) {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify(settings, null, 2));
}

/** Waits until a function gives something true. */
export async function until(what, wanted, timeout = TIMEOUT) {
  const end = Date.now() + timeout;
  for (;;) {
    const answer = await wanted();
    if (answer) {
      return answer;
    }
    if (Date.now() > end) {
      throw new Error(`not within ${timeout / 1000} s: ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

export class Editor {
  /** Starts VS Code with extensions (.vsix files) and user settings, on a workspace. */
  static async open({ home, extensions, settings, workspace, viewport = { width: 1280, height: 800 } }) {
    const editor = new Editor();
    editor.workspace = workspace;
    await mkdir(join(home, "user/logs"), { recursive: true });
    await write(join(home, "user/User/settings.json"), { ...QUIET, ...settings });
    const folders = ["server", "user", "extensions"].map((name) => join(home, name));
    const options = ["--server-data-dir", "--user-data-dir", "--extensions-dir"].flatMap((name, i) => [name, folders[i]]);
    for (const extension of extensions) {
      await promisify(execFile)(process.execPath, [CODE, ...options, "--install-extension", extension], { timeout: TIMEOUT });
    }
    const address = ["--host", "127.0.0.1", "--port", "0", "--connection-token", TOKEN];
    const quiet = ["--accept-server-license-terms", "--telemetry-level", "off"];
    const log = openSync(join(home, "vscode.log"), "w");
    editor.server = spawn(process.execPath, [CODE, ...options, ...address, ...quiet], { stdio: ["ignore", "pipe", log] });
    process.once("exit", () => editor.server.kill("SIGKILL"));
    try {
      const port = await editor.port();
      editor.browser = await chromium.launchPersistentContext(join(home, "browser"), {
        executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
        headless: true,
        args: FLAGS,
        viewport,
      });
      editor.page = editor.browser.pages()[0];
      editor.page.setDefaultTimeout(TIMEOUT);
      const query = new URLSearchParams({ tkn: TOKEN, folder: workspace });
      await editor.page.goto(`http://127.0.0.1:${port}/?${query}`);
      await editor.page.locator(".explorer-viewlet .monaco-list-row").first().waitFor();
    } catch (error) {
      await editor.close();
      throw error;
    }
    return editor;
  }

  async port() {
    const lines = createInterface({ input: this.server.stdout });
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("the server of VS Code does not start")), TIMEOUT);
      lines.on("line", (line) => {
        const found = /agent listening on (\d+)/.exec(line);
        if (found) {
          clearTimeout(timer);
          resolve(found[1]);
        }
      });
    });
  }

  async close() {
    await Promise.race([this.browser?.close().catch(() => {}), new Promise((done) => setTimeout(done, TIMEOUT).unref())]);
    this.server.kill("SIGTERM");
    const ended = () => this.server.exitCode !== null || this.server.signalCode !== null;
    await until("VS Code ends", ended).catch(() => this.server.kill("SIGKILL"));
  }

  /** Changes the settings of the workspace, which VS Code watches. */
  async configure(settings) {
    await write(join(this.workspace, ".vscode/settings.json"), settings);
  }

  async show(file) {
    await this.page.locator(".explorer-viewlet .monaco-list-row", { hasText: file }).dblclick();
    await this.page.locator(".tab.active", { hasText: file }).waitFor();
    await this.page.locator(".editor-instance .view-line").first().waitFor();
  }

  /** Runs a command by its name, as from the palette. */
  async run(command) {
    await this.page.keyboard.press("F1");
    const input = this.page.locator(".quick-input-widget input.input");
    await input.waitFor();
    await input.fill(`>${command}`);
    const row = this.page.locator(".quick-input-list .monaco-list-row").first();
    await until(`the palette has ${command}`, async () => (await row.textContent().catch(() => ""))?.includes(command));
    await this.page.keyboard.press("Enter");
    await input.waitFor({ state: "hidden" });
  }

  /** The rows of the Problems panel. */
  async problems() {
    const rows = await this.page.locator(".markers-panel .monaco-list-row").allTextContents();
    return rows.map((row) => row.replaceAll("\u00a0", " "));
  }

  async waitForProblems(what, wanted) {
    let seen = [];
    try {
      await until(what, async () => wanted((seen = await this.problems())));
    } catch (error) {
      throw new Error(`${error.message}; the Problems panel has ${JSON.stringify(seen)}`);
    }
  }

  /** What the editor shows. */
  async text() {
    const lines = await this.page.locator(".editor-instance .view-line").allTextContents();
    return lines.join("\n").replaceAll("\u00a0", " ");
  }

  /** Where a text is on the screen. */
  async place(text) {
    const box = await this.page.evaluate((wanted) => {
      for (const line of document.querySelectorAll(".editor-instance .view-line")) {
        const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
          const at = node.data.replaceAll("\u00a0", " ").indexOf(wanted);
          if (at >= 0) {
            const range = document.createRange();
            range.setStart(node, at);
            range.setEnd(node, at + wanted.length);
            const { x, y, width, height } = range.getBoundingClientRect();
            return { x: x + width / 2, y: y + height / 2 };
          }
        }
      }
      return null;
    }, text);
    if (!box) {
      throw new Error(`the editor does not show ${text}`);
    }
    return box;
  }

  /** What the hover at a text says. */
  async hover(text, wanted) {
    const hover = this.page.locator(".monaco-hover:not(.hidden) .monaco-hover-content");
    let seen = "";
    // A hover that is still open may lie over the text.
    await this.page.mouse.move(5, 5);
    await this.page.keyboard.press("Escape");
    await hover.first().waitFor({ state: "hidden" });
    await until(`the hover of ${text} says ${wanted}`, async () => {
      const { x, y } = await this.place(text);
      await this.page.mouse.move(x - 2, y);
      await this.page.mouse.move(x, y);
      await this.page.waitForTimeout(700);
      seen = (await hover.allInnerTexts()).join("\n").replaceAll("\u00a0", " ");
      return wanted.every((each) => seen.includes(each));
    }).catch((error) => {
      throw new Error(`${error.message}; it says ${JSON.stringify(seen)}`);
    });
    return hover;
  }

  async fix(text, title) {
    const { x, y } = await this.place(text);
    await this.page.mouse.click(x, y);
    const action = this.page.locator(".action-widget .monaco-list-row", { hasText: title });
    await until(`the action ${title}`, async () => {
      await this.page.keyboard.press("Control+.");
      await action.waitFor({ timeout: 2000 }).catch(() => this.page.keyboard.press("Escape"));
      return action.isVisible();
    });
    // The list takes clicks from the first movement of the mouse on.
    await action.hover({ force: true });
    await action.click();
    await action.waitFor({ state: "hidden" });
  }

  async notifications() {
    return this.page.locator(".notifications-toasts .notification-list-item-message").allTextContents();
  }
}
