-- Drives a real Neovim, started with the snippet as its init.lua, as a user would; prints what there is to see.
local function wait(what, condition)
  if not vim.wait(15000, condition, 10) then
    print("timed out: " .. what)
    vim.cmd("cquit 1")
  end
end

local function found(code, buffer)
  return vim.tbl_filter(function(diagnostic)
    return (diagnostic.code or vim.tbl_get(diagnostic, "user_data", "lsp", "code")) == code
  end, vim.diagnostic.get(buffer or 0))
end

local function until_found(code, buffer)
  wait(code, function() return #found(code, buffer) > 0 end)
  return found(code, buffer)[1]
end

local function until_gone(code, buffer)
  wait("no " .. code, function() return #found(code, buffer) == 0 end)
end

local function float()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative ~= "" then
      return window
    end
  end
end

local clients = vim.lsp.get_clients or vim.lsp.get_active_clients

local function attached()
  return #vim.tbl_filter(function(client)
    return client.attached_buffers[vim.api.nvim_get_current_buf()]
  end, clients())
end

local scenarios = {}

-- The file was named on the command line.
function scenarios.life()
  local diagnostic = until_found("CT002")
  print(string.format("found CT002 at %d:%d", diagnostic.lnum + 1, diagnostic.col + 1))

  vim.fn.search("aws_cloudtrail\\|Trail\\>")
  vim.lsp.buf.hover()
  wait("hover", float)
  print("hover: " .. vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(float()), 0, 1, true)[1])
  vim.api.nvim_win_close(float(), true)

  vim.api.nvim_buf_set_lines(0, -1, -1, true, { "{ [" })
  until_found("syntax")
  print("half typed: " .. #found("CT002"))
  vim.api.nvim_buf_set_lines(0, -2, -1, true, {})
  until_gone("syntax")

  diagnostic = until_found("CT002")
  vim.api.nvim_win_set_cursor(0, { diagnostic.lnum + 1, diagnostic.col })
  vim.ui.select = function(items, _, choose)
    for _, item in ipairs(items) do
      local action = item.action or item[2]
      if action.isPreferred then
        print("applied: " .. action.title)
        choose(item)
      end
    end
  end
  vim.lsp.buf.code_action()
  until_gone("CT002")
  print("cleared: " .. vim.trim(vim.api.nvim_get_current_line()))

  vim.cmd("silent undo")
  until_found("CT002")
  local buffer = vim.api.nvim_get_current_buf()
  vim.cmd("enew!")
  vim.cmd("bdelete! " .. buffer)
  wait("closing clears", function() return #vim.diagnostic.get() == 0 end)
  print("closed")
end

-- Two repositories, a module of the first one, variables that decide in a buffer that is not shown, and no file at all.
function scenarios.roots()
  until_found("CT002")
  vim.cmd("edit one/modules/trail/main.tf")
  wait("module", function() return attached() == 1 end)
  vim.cmd("edit two/main.tf")
  until_found("CT002")
  print("clients: " .. #clients())

  local main = vim.api.nvim_get_current_buf()
  vim.cmd("edit two/terraform.tfvars")
  vim.api.nvim_buf_set_lines(0, 0, -1, true, { "multi = true" })
  until_gone("CT002", main)
  vim.cmd("silent write")
  print("variables count")

  vim.cmd("enew")
  vim.cmd("setfiletype terraform")
  print("without a name: " .. attached())
  vim.api.nvim_buf_set_lines(0, 0, -1, true, vim.fn.readfile("one/main.tf"))
  vim.fn.mkdir("two/other")
  vim.cmd("silent write two/other/main.tf")
  until_found("CT002")
  print("with a name: " .. attached())
end

function scenarios.missing()
  vim.cmd("edit other.tf")
  vim.cmd("silent write")
  vim.wait(100)
end

vim.opt.hidden = true
scenarios[vim.env.SCENARIO]()
vim.cmd("qall!")
