-- Language server for CloudTrail trails: Neovim 0.7 and newer, no plugin needed.
-- Copy it into the folder `plugin` of your configuration, or say in init.lua: dofile("/path/to/checkov-cloudtrail.lua")
-- Settings, if any, before that: vim.g.checkov_cloudtrail = { codeLens = true }
local command = vim.env.CHECKOV_CLOUDTRAIL or "checkov-cloudtrail"
local markers = { "checkov-cloudtrail.toml", ".git" }
-- Names, not file types: these differ from version to version, and yours are left as they are.
local names = { "*.tf", "*.tofu", "*.tfvars", "*.yaml", "*.yml", "*.json", "*.template" }

-- Neovim pulls diagnostics since 0.10, only those of visible buffers, and 0.11 does not pull them again when another
-- file changed. As a client that does not pull, it is pushed all of them.
local function pulls_nothing(initialize)
  initialize.capabilities.textDocument.diagnostic = nil
end
local function is_not_pulled(client)
  client.server_capabilities.diagnosticProvider = nil
end

local function warn(message)
  vim.schedule(function()
    vim.notify_once("checkov-cloudtrail: " .. message, vim.log.levels.WARN)
  end)
end

local function root(file)
  local home = vim.fn.fnamemodify(file, ":h")
  for _, marker in ipairs(markers) do
    local directory, above = nil, home
    while above ~= directory do
      if vim.fn.getftype(above .. "/" .. marker) ~= "" then
        return above
      end
      directory, above = above, vim.fn.fnamemodify(above, ":h")
    end
  end
  return home
end

local clients, failed = {}, {}

local function attach(event)
  local file, loaded = vim.api.nvim_buf_get_name(event.buf), vim.api.nvim_buf_is_loaded(event.buf)
  if not loaded or vim.bo[event.buf].buftype ~= "" or file:find("^%a[%w+.-]+://") then
    return
  end
  if vim.fn.executable(command) == 0 then
    return warn(command .. " is not on the PATH; install it with pip install 'checkov-cloudtrail[lsp]'")
  end
  local directory = root(file)
  if failed[directory] then
    return
  end
  local config = {
    name = "checkov-cloudtrail",
    cmd = { command, "lsp" },
    root_dir = directory,
    init_options = vim.g.checkov_cloudtrail,
    before_init = pulls_nothing,
    on_init = is_not_pulled,
    on_exit = function(code)
      clients[directory], failed[directory] = nil, code ~= 0
      if code ~= 0 then
        warn("the server has stopped; `" .. command .. " lsp` in a shell says why")
      end
    end,
  }
  if vim.lsp.start then
    vim.lsp.start(config)
  else -- Neovim 0.7
    clients[directory] = clients[directory] or vim.lsp.start_client(config)
    vim.lsp.buf_attach_client(event.buf, clients[directory])
  end
end

-- Writing gives a name to a buffer that had none.
local events = { "BufReadPost", "BufNewFile", "BufWritePost" }
local group = vim.api.nvim_create_augroup("checkov-cloudtrail", {})
vim.api.nvim_create_autocmd(events, { group = group, pattern = names, callback = attach })
vim.cmd("silent! doautoall <nomodeline> checkov-cloudtrail BufReadPost") -- what is open already
