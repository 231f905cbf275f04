const vscode = require("vscode");

const LANGUAGES = ["terraform", "terraform-vars", "yaml"];

exports.activate = (context) => {
  const diagnostics = vscode.languages.createDiagnosticCollection("languages");
  const judge = (document) => {
    if (LANGUAGES.includes(document.languageId)) {
      const problem = new vscode.Diagnostic(document.lineAt(0).range, `problem of ${document.languageId}`);
      diagnostics.set(document.uri, [problem]);
    }
  };
  context.subscriptions.push(
    diagnostics,
    vscode.workspace.onDidOpenTextDocument(judge),
    vscode.languages.registerHoverProvider(LANGUAGES, {
      provideHover: (document) => new vscode.Hover(`hover of ${document.languageId}`),
    }),
  );
  vscode.workspace.textDocuments.forEach(judge);
};
