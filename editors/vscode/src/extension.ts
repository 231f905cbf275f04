// A thin client: everything that is known about trails is in the language server.
import * as vscode from "vscode";
import { LanguageClient } from "vscode-languageclient/node";

const SECTION = "checkov-cloudtrail";
let client: LanguageClient | undefined;

function settings(): vscode.WorkspaceConfiguration {
  return vscode.workspace.getConfiguration(SECTION);
}

async function start(): Promise<void> {
  const [command, ...args] = settings().get<string[]>("serverCommand", ["checkov-cloudtrail", "lsp"]);
  client = new LanguageClient(
    SECTION,
    SECTION,
    { command, args },
    {
      documentSelector: [
        { scheme: "file", language: "terraform" },
        { scheme: "file", pattern: "**/*.{tf,tofu,tfvars,tf.json,yaml,yml,json,template}" },
      ],
      initializationOptions: { profile: settings().get("profile"), codeLens: settings().get("codeLens") },
      synchronize: { configurationSection: SECTION },
    },
  );
  try {
    await client.start();
  } catch (error) {
    const choice = await vscode.window.showErrorMessage(
      `checkov-cloudtrail could not start "${command}": ${error}. Install it with pip install 'checkov-cloudtrail[lsp]'.`,
      "Open settings",
    );
    if (choice) {
      await vscode.commands.executeCommand("workbench.action.openSettings", `${SECTION}.serverCommand`);
    }
  }
}

async function stop(): Promise<void> {
  const running = client;
  client = undefined;
  await running?.dispose();
}

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  context.subscriptions.push(
    vscode.commands.registerCommand(`${SECTION}.restart`, async () => {
      await stop();
      await start();
    }),
    vscode.commands.registerCommand(`${SECTION}.showOutput`, () => client?.outputChannel.show()),
  );
  await start();
}

export function deactivate(): Promise<void> {
  return stop();
}
