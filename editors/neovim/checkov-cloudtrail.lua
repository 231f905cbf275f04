-- Language server for CloudTrail trails: Neovim 0.7 and newer, no plugin needed.
-- Use it from your init.lua: dofile("/path/to/checkov-cloudtrail.lua")
local command = vim.env.CHECKOV_CLOUDTRAIL or "checkov-cloudtrail"
local markers = { ".git", "checkov-cloudtrail.toml", ".terraform" }

vim.filetype.add({ extension = { tf = "terraform", tofu = "terraform", tfvars = "terraform-vars", template = "yaml" } })

local function root(file)
  local found = vim.fs and vim.fs.find(markers, { upward = true, path = vim.fs.dirname(file) })[1]
  return found and vim.fs.dirname(found) or vim.fn.fnamemodify(file, ":h")
end

local clients = {}

vim.api.nvim_create_autocmd("FileType", {
  pattern = { "terraform", "terraform-vars", "hcl", "yaml", "yaml.cloudformation", "json", "json.cloudformation" },
  callback = function(event)
    local directory = root(vim.api.nvim_buf_get_name(event.buf))
    if not clients[directory] then
      clients[directory] = vim.lsp.start_client({
        name = "checkov-cloudtrail",
        cmd = { command, "lsp" },
        root_dir = directory,
        workspace_folders = { { name = directory, uri = vim.uri_from_fname(directory) } },
        on_exit = function()
          clients[directory] = nil
        end,
      })
    end
    if clients[directory] then
      vim.lsp.buf_attach_client(event.buf, clients[directory])
    end
  end,
})
