-- Opens a file in a real Neovim, sees the finding, applies the preferred fix, sees it cleared. Prints what it saw.
dofile(vim.env.SNIPPET)

local function wait(what, condition)
  if not vim.wait(20000, condition, 20) then
    print("timed out: " .. what)
    vim.cmd("cquit 1")
  end
end

local function found(code)
  return vim.tbl_filter(function(diagnostic)
    return (diagnostic.code or (diagnostic.user_data or {}).lsp and diagnostic.user_data.lsp.code) == code
  end, vim.diagnostic.get(0))
end

local code = vim.env.CODE
vim.cmd("edit " .. vim.env.FILE)
vim.cmd("doautocmd FileType " .. vim.env.LANGUAGE)
wait("finding", function() return #found(code) > 0 end)
local diagnostic = found(code)[1]
print(string.format("found %s at %d:%d", code, diagnostic.lnum + 1, diagnostic.col + 1))

local params = vim.lsp.util.make_range_params()
params.range = { start = { line = diagnostic.lnum, character = diagnostic.col }, ["end"] = { line = diagnostic.end_lnum, character = diagnostic.end_col } }
params.context = { diagnostics = { diagnostic.user_data.lsp and vim.tbl_extend("force", {
  range = params.range, message = diagnostic.message, severity = diagnostic.severity, source = diagnostic.source,
}, diagnostic.user_data.lsp) } }
local answers = vim.lsp.buf_request_sync(0, "textDocument/codeAction", params, 20000)
for id, answer in pairs(answers or {}) do
  for _, action in ipairs(answer.result or {}) do
    if action.isPreferred then
      print("applied: " .. action.title)
      vim.lsp.util.apply_workspace_edit(action.edit, vim.lsp.get_client_by_id(id).offset_encoding)
      break
    end
  end
end
wait("cleared", function() return #found(code) == 0 end)
print("cleared")
vim.cmd("qall!")
