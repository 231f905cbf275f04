// A thin client: everything that is known about trails is in the language server.
import * as vscode from "vscode";
import { CloseAction, ErrorAction, LanguageClient } from "vscode-languageclient/node";

const SECTION = "checkov-cloudtrail";
const COMMAND = `${SECTION}.serverCommand`;

// Files are known by their names, not by their languages: `.tf` is `terraform`, `opentofu` or plain text, depending on
// which other extensions are installed. The server reads files only, so other schemes (git:, untitled:) are left out.
const CONFIGURATION = /\.(tf|tofu|tfvars|tf\.json|tofu\.json|tfvars\.json)$/i;
const TEMPLATE = /\.(ya?ml|json|template)$/i;
const SELECTOR = [{ scheme: "file", pattern: "**/*.{tf,tofu,tfvars,yaml,yml,json,template}" }];

let output: vscode.OutputChannel;
let client: Client | undefined;

class Client extends LanguageClient {
  private running = false;
  private gone = false;

  constructor(command: string, args: string[]) {
    super(
      SECTION,
      SECTION,
      // Before the workspace is trusted nothing in it may be what the command finds in its working directory.
      { command, args, options: vscode.workspace.isTrusted ? {} : { cwd: __dirname } },
      {
        documentSelector: SELECTOR,
        outputChannel: output,
        initializationOptions: () => vscode.workspace.getConfiguration(SECTION),
        synchronize: { configurationSection: SECTION },
        initializationFailedHandler: () => false,
        errorHandler: {
          error: async (error, message, count) => {
            const { action } = await retries.error(error, message, count);
            return { action, handled: action === ErrorAction.Continue };
          },
          // A server that has never run will not run the next time either; one that ran gets a few more tries.
          closed: () => (this.running ? retries.closed() : { action: CloseAction.DoNotRestart }),
        },
      },
    );
    const retries = this.createDefaultErrorHandler();
    this.onDidChangeState(() => (this.running ||= this.isRunning()));
  }

  // A request that failed belongs in the output; only a server that is gone for good is worth a message.
  override error(message: string, data?: unknown, show?: boolean | "force"): void {
    super.error(message, data, false);
    if (show === "force" && client === this && !this.gone) {
      this.gone = true;
      void complain();
    }
  }
}

async function complain(): Promise<void> {
  const command = vscode.workspace.getConfiguration().get<string[]>(COMMAND, []).join(" ");
  const [settings, log, again] = ["Open settings", "Show output", "Restart"];
  const choice = await vscode.window.showErrorMessage(
    `The language server of checkov-cloudtrail does not run. Its command is "${command}" (setting ${COMMAND}); ` +
      "pip install 'checkov-cloudtrail[lsp]' installs it.",
    settings,
    log,
    again,
  );
  if (choice === settings) {
    await vscode.commands.executeCommand("workbench.action.openSettings", COMMAND);
  } else if (choice === log) {
    output.show();
  } else if (choice === again) {
    await restart();
  }
}

function start(): void {
  const [command, ...args] = vscode.workspace.getConfiguration().get<string[]>(COMMAND, []);
  client = new Client(command ?? "", args);
  client.start().catch(() => {}); // error() has said it
}

async function stop(): Promise<void> {
  const last = client;
  client = undefined;
  // A client that never ran refuses to be stopped, but ends its process, as it does with a server that hangs.
  await last?.dispose().catch(() => {});
}

let queue = Promise.resolve();

function restart(): Promise<void> {
  queue = queue.then(stop).then(start);
  return queue;
}

// Whether there is anything to judge: a JSON file of another kind must neither start a server nor complain about one.
function concerns(document: vscode.TextDocument): boolean {
  const { scheme, path } = document.uri;
  return (
    scheme === "file" &&
    (CONFIGURATION.test(path) || (TEMPLATE.test(path) && /cloudtrail/i.test(document.getText())))
  );
}

export function activate(context: vscode.ExtensionContext): void {
  output = vscode.window.createOutputChannel(SECTION);
  let started = false;
  const consider = (document: vscode.TextDocument): void => {
    if (!started && concerns(document)) {
      started = true;
      void restart();
    }
  };
  context.subscriptions.push(
    output,
    vscode.commands.registerCommand(`${SECTION}.restart`, () => {
      started = true;
      return restart();
    }),
    vscode.commands.registerCommand(`${SECTION}.showOutput`, () => output.show()),
    vscode.workspace.onDidOpenTextDocument(consider),
    vscode.workspace.onDidChangeTextDocument(({ document }) => consider(document)),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (started && event.affectsConfiguration(COMMAND)) {
        void restart();
      }
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => started && restart()),
  );
  vscode.workspace.textDocuments.forEach(consider);
}

export function deactivate(): Promise<void> {
  return stop();
}
