"""What is HCL: the parser beside `terraform fmt`, which refuses exactly what Terraform's parser refuses."""

import shutil
import subprocess

import pytest

from checkov_cloudtrail.terraform import grammar, lexer
from checkov_cloudtrail.terraform.lexer import HclSyntaxError

TERRAFORM = shutil.which("terraform")
pytestmark = pytest.mark.skipif(TERRAFORM is None, reason="terraform is not on PATH")

TEXTS = {
    "value on the next line": "a =\n  1\n",
    "operator on the next line": "a = b\n  + c\n",
    "operator at the end of the line": "a = b +\n  c\n",
    "operator on the next line in parentheses": "a = (b\n  + c)\n",
    "conditional over lines": "a = b ?\n  c : d\n",
    "conditional over lines in a call": "a = f(b ?\n  c :\n d\n)\n",
    "conditional over lines in an object": "a = {\n  b = c ?\n d : e\n}\n",
    "two arguments on a line": "a = 1 b = 2\n",
    "no newline at the end": "a = 1",
    "brace on the next line": "a\n{\n}\n",
    "one-line block": "a { b = 1 }\n",
    "one-line block with two arguments": "a { b = 1, c = 2 }\n",
    "nested one-line blocks": "a { b { c = 1 } }\n",
    "block behind a block": "a {} b {}\n",
    "closing brace behind an argument": "a {\n  b = 1 }\n",
    "argument behind the brace": "a { b = 1\n}\n",
    "labels": 'a "b" c "d" {\n}\n',
    "label with a template": 'a "${b}" {\n}\n',
    "argument twice": "a = 1\na = 2\n",
    "comments": "# a\n// b\n/* c\n */ a = 1 # d\n",
    "comment never closed": "a = 1\n/* b\n",
    "comment between name and value": "a /* b */ = /* c */ 1\n",
    "string over lines": 'a = "b\nc"\n',
    "string never closed": 'a = "b\n',
    "unknown escape": 'a = "\\q"\n',
    "escapes": 'a = "\\n\\r\\t\\"\\\\ \\u00e9 \\U0001F600"\n',
    "dollars": 'a = "$ $$ $${x} % %% %%{x} 100%"\n',
    "three dollars": 'a = "$$${x}"\n',
    "interpolation": 'a = "x${b}y${ c }"\n',
    "interpolation over lines": 'a = "x${\n  b\n}y"\n',
    "interpolation never closed": 'a = "x${b"\n',
    "nested quotes": 'a = "x${f("y${"z"}")}"\n',
    "braces in an interpolation": 'a = "${ { b = "}" }["b"] }"\n',
    "trim markers": 'a = "x ${~ b ~} y"\n',
    "directives": 'a = "%{ if b }x%{ else }y%{ endif }%{ for c, d in e ~} z %{~ endfor }"\n',
    "directive without its end": 'a = "%{ if b }x"\n',
    "end without a directive": 'a = "x%{ endif }"\n',
    "wrong end": 'a = "%{ if b }x%{ endfor }"\n',
    "unknown directive": 'a = "%{ while b }x%{ endwhile }"\n',
    "heredoc": 'a = <<EOT\nx ${b} "q" \\n\nEOT\n',
    "indented heredoc": "a = <<-EOT\n    x\n  EOT\nb = 1\n",
    "heredoc never closed": "a = <<EOT\nx\n",
    "heredoc in a call": "a = f(<<EOT\nx\nEOT\n, b)\n",
    "heredoc in a list": "a = [<<EOT\nx\nEOT\n, 1]\n",
    "heredoc in an object": "a = {\n  b = <<EOT\nx\nEOT\n  c = 1\n}\n",
    "heredoc with text behind the marker": "a = <<EOT x\nEOT\n",
    "empty heredoc": "a = <<EOT\nEOT\n",
    "numbers": "a = [1, 1.5, 1e3, 1E-3, 1.5e+3, 0, 007]\n",
    "number with two points": "a = 1.2.3\n",
    "number with a trailing point": "a = 1.\n",
    "hexadecimal number": "a = 0x1f\n",
    "names": "a-b = c_d-e\nété = ß\n_x = _y\n",
    "name that begins with a digit": "1a = 2\n",
    "name that begins with a dash": "-a = 2\n",
    "keywords as names": "for = 1\nin = 2\nif = 3\nnull = 4\ntrue = 5\nelse = 6\n",
    "keywords as attributes": "a = b.for.in.if.null.true\n",
    "keywords as keys": "a = { in = 1, if = 2, null = 3, true = 4, else = 5 }\n",
    "for as a key": "a = { for = 1 }\n",
    "object with commas": "a = { b = 1, c : 2, }\n",
    "object with lines": "a = {\n  b = 1\n  c = 2\n}\n",
    "object with commas and lines": "a = {\n  b = 1,\n  c = 2,\n}\n",
    "object without separators": "a = { b = 1 c = 2 }\n",
    "object with a comma on its own line": "a = {\n  b = 1\n  , c = 2\n}\n",
    "object with expressions as keys": 'a = { (b) = 1, "c-${d}" = 2, 3 = 4, (e.f) = 5 }\n',
    "object whose key follows a name": "a = {\n  b = c\n  (d) = e\n}\n",
    "object with a newline before its value": "a = {\n  b =\n  1\n}\n",
    "list over lines": "a = [\n  1,\n  2\n  ,\n  3,\n]\n",
    "list without commas": "a = [1 2]\n",
    "list with two commas": "a = [1,, 2]\n",
    "trailing comma in a call": "a = f(b, c,)\n",
    "call over lines": "a = f(\n  b,\n  c\n)\n",
    "expanded argument": "a = f(b, c...)\n",
    "expanded argument in the middle": "a = f(b..., c)\n",
    "namespaced functions": "a = provider::aws::f(1)\nb = core::max(1, 2)\n",
    "traversals": 'a = b.c[0]["d"].e[f.g].h.0.i\n',
    "splats": "a = b.*.c.d[0]\ne = f[*].g[0].h\ni = j[ * ].k\n",
    "traversal over lines": "a = b\n  .c\n",
    "traversal over lines in parentheses": "a = (b\n  .c)\n",
    "index over lines": "a = b[\n  0\n]\n",
    "dot without a name": "a = b.\n",
    "traversal of a value": 'a = {b = 1}.b\nc = [1][0]\nd = "x".y\ne = f(1).g\nh = (i).j\n',
    "for expressions": "a = [for x in y : x]\nb = {for k, v in y : k => v... if v}\n",
    "for expression over lines": "a = {\n  for k, v in y :\n  k => v\n  if v\n}\n",
    "for expression without in": "a = [for x : x]\n",
    "for expression with a key in a list": "a = [for x in y : x => x]\n",
    "unary operators": "a = !b\nc = -d\ne = !!f\ng = - -h\n",
    "missing operand": "a = b &&\n",
    "missing operator": "a = b c\n",
    "single ampersand": "a = b & c\n",
    "unclosed bracket": "a = [1\n",
    "unclosed brace": "a {\n  b = 1\n",
    "brace too many": "a {\n}\n}\n",
    "wrong bracket": "a = [1)\n",
    "parentheses": "a = (((b)))\n",
    "empty parentheses": "a = ()\n",
    "strange character": "a = b ; c\n",
    "single quotes": "a = 'b'\n",
    "backquotes": "a = `b`\n",
    "windows lines": "a = 1\r\nb {\r\n  c = 2\r\n}\r\n",
    "windows heredoc": "a = <<EOT\r\nx\r\nEOT\r\n",
    "tabs": "a\t=\t1\n",
    "equals as a colon": "a : 1\n",
    "quoted argument name": '"a" = 1\n',
    "empty text": "",
}


def _accepted(text: str) -> bool:
    try:
        grammar.Parser(text, lexer.tokens(text)).body("end")
    except HclSyntaxError:
        return False
    return True


@pytest.mark.parametrize("name", TEXTS)
def test_agrees_with_terraform(name: str) -> None:
    text = TEXTS[name]
    made = subprocess.run(
        [str(TERRAFORM), "fmt", "-no-color", "-"], input=text.encode(), capture_output=True, check=False
    )

    assert _accepted(text) is (made.returncode == 0), made.stderr.decode()
