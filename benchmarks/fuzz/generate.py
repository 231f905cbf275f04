"""Random expressions over the variables of fixtures/oracle/fuzz-root, mostly of the right types."""

from collections.abc import Callable
from random import Random

# Leaves by type; the last ones of a type are unknown.
LEAVES = {
    "bool": ["true", "false", "var.t", "var.f", "var.nb", "var.mb.a", 'var.mb["b"]', "var.o.on", "local.on.a",
             "local.tuple[2]", "local.object.d.e", 'module.c["p"].on', 'module.c["q"].on', "var.os[1].on", "null",
             "var.om.b.on", "var.ub", "var.uo.on", "tobool(terraform_data.x.output)"],
    "string": ['""', '"a"', '"b"', '"true"', '"12"', '"Hello World"', '"x-${var.s}"', "var.s", "var.e", "var.ns",
               "var.l[1]", "var.m.a", 'var.m["b"]', "local.object.a", "local.tuple[1]", "var.o.name", "var.o.in.x",
               'module.c["q"].names[1]', "local.part.known", '"a,b,c"', '"é日"', "null", "path.module",
               "terraform.workspace", "var.us", "terraform_data.x.output", "local.part.unknown", "var.uo.name",
               '"p-${var.us}"'],
    "number": ["0", "1", "2", "-1", "3.5", "0.1", "1e3", "10", "var.n", "var.d", "local.tuple[0]", "local.object.b",
               "var.any.a", "var.o.n", "length(var.l)", "100", "var.un", "length(var.ul)",
               "tonumber(terraform_data.x.output)"],
    "list": ["[]", '["a"]', '["b", "a", "b"]', "var.l", "var.le", "local.list", "var.o.in.y", "var.os[*].name",
             'tolist(["x", "y"])', "var.nl", "keys(var.m)", "values(var.m)", "[for k, v in var.m : k]", "var.ul",
             '["a", var.us]', "[terraform_data.x.output]", 'tolist([var.us, "b"])'],
    "numbers": ["[]", "[1, 2]", "var.ln", "[3, 1.5, 2]", "range(3)", "[1, var.un]"],
    "bools": ["[]", "[true]", "[true, false]", "var.os[*].on", "values(var.mb)", "[for o in var.os : o.on]",
              "[true, var.ub]", "[var.ub, false]", "[null, true]"],
    "set": ["var.st", 'toset(["a"])', "toset(var.l)", "toset([])", 'toset(["b", var.us])', "toset(var.ul)"],
    "map": ["{}", '{ a = "1" }', "var.m", "var.me", 'tomap({ b = "y" })', '{ a = "x", b = var.s }', "var.um",
            '{ a = var.us, c = "z" }', 'tomap({ k = var.us })'],
    "object": ["var.o", "local.object", "var.any", '{ name = "n", on = true }', "var.os[0]", "var.om.a", "local.part",
               "local.on", "var.uo", "{ a = terraform_data.x.output, b = 1 }"],
    "tuple": ["local.tuple", '[1, "a"]', "[[1], [2, 3]]", "[var.l, [terraform_data.x.output]]", "[null, true]",
              "var.os", "[{ a = 1 }, { a = 2 }]", "values(var.om)"],
}  # fmt: skip
TYPES = tuple(LEAVES)
# Where a type is wanted, these often do as well.
NEAR = {
    "bool": ("string",),
    "string": ("number", "bool"),
    "number": ("string",),
    "list": ("tuple", "set", "numbers"),
    "set": ("list",),
    "map": ("object",),
    "object": ("map",),
    "tuple": ("list", "numbers", "bools"),
    "numbers": ("list",),
    "bools": ("list",),
}
COLLECTIONS = ("list", "numbers", "bools", "set", "tuple", "map", "object")
SEQUENCES = ("list", "numbers", "bools", "set", "tuple")

# What a function takes: types, "any", "coll" for any collection, "seq" for lists, tuples and sets; `*` repeats.
FUNCTIONS = {
    "bool": {
        "alltrue": ("bools",), "anytrue": ("bools",), "contains": ("seq", "any"), "startswith": ("string", "string"),
        "endswith": ("string", "string"), "strcontains": ("string", "string"), "tobool": ("bool",), "can": ("any",),
        "try": ("any", "bool"), "one": ("bools",), "coalesce": ("bool", "bool*"), "lookup": ("map", "string", "bool"),
        "element": ("bools", "number"), "sensitive": ("bool",), "nonsensitive": ("bool",), "issensitive": ("any",),
    },
    "string": {
        "upper": ("string",), "lower": ("string",), "title": ("string",), "trimspace": ("string",),
        "trim": ("string", "string"), "trimprefix": ("string", "string"), "trimsuffix": ("string", "string"),
        "join": ("string", "list"), "substr": ("string", "number", "number"), "strrev": ("string",),
        "replace": ("string", "string", "string"), "format": ("format", "any*"), "tostring": ("string",),
        "coalesce": ("string", "string*"), "lookup": ("map", "string", "string"), "element": ("list", "number"),
        "jsonencode": ("any",), "base64encode": ("string",), "md5": ("string",), "sha256": ("string",),
        "chomp": ("string",), "indent": ("small", "string"), "one": ("list",), "try": ("any", "string"),
        "urlencode": ("string",), "yamlencode": ("any",), "dirname": ("string",), "basename": ("string",),
        "cidrhost": ("cidr", "small"), "cidrsubnet": ("cidr", "small", "small"), "formatdate": ("date", "stamp"),
        "timeadd": ("stamp", "duration"), "regex": ("pattern", "string"), "base64decode": ("string",),
        "uuidv5": ("namespace", "string"),
    },
    "number": {
        "length": ("coll",), "abs": ("number",), "ceil": ("number",), "floor": ("number",), "signum": ("number",),
        "max": ("number", "number*"), "min": ("number", "number*"), "sum": ("numbers",), "tonumber": ("number",),
        "index": ("list", "string"), "parseint": ("string", "small"), "pow": ("small", "small"),
        "coalesce": ("number", "number*"), "element": ("numbers", "number"), "try": ("any", "number"),
        "timecmp": ("stamp", "stamp"),
    },
    "list": {
        "concat": ("list", "list*"), "compact": ("list",), "distinct": ("list",), "sort": ("list",),
        "reverse": ("list",), "split": ("string", "string"), "tolist": ("list",), "keys": ("map",),
        "values": ("map",), "slice": ("list", "small", "small"), "flatten": ("tuple",),
        "formatlist": ("format", "list*"), "coalescelist": ("list", "list*"), "regexall": ("pattern", "string"),
        "matchkeys": ("list", "list", "list"),
        "cidrsubnets": ("cidr", "small"), "try": ("any", "list"),
    },
    "numbers": {
        "range": ("small", "small"), "reverse": ("numbers",), "tolist": ("numbers",), "distinct": ("numbers",),
        "concat": ("numbers", "numbers*"),
    },
    "bools": {"tolist": ("bools",), "reverse": ("bools",), "concat": ("bools", "bools*")},
    "set": {
        "toset": ("seq",), "setunion": ("set", "set*"), "setintersection": ("set", "set*"),
        "setsubtract": ("set", "set"),
    },
    "map": {
        "merge": ("map", "map*"), "tomap": ("map",), "zipmap": ("list", "list"), "transpose": ("lists",),
        "try": ("any", "map"),
    },
    "object": {
        "merge": ("object", "map*"), "jsondecode": ("json",), "yamldecode": ("yaml",), "zipmap": ("list", "tuple"),
    },
    "tuple": {
        "setproduct": ("seq", "seq"), "chunklist": ("list", "small"), "concat": ("tuple", "seq"), "flatten": ("tuple",),
        "slice": ("tuple", "small", "small"), "reverse": ("tuple",), "values": ("object",), "csvdecode": ("csv",),
    },
}  # fmt: skip
SPECIAL = {
    "format": ['"%s"', '"%s-%s"', '"%v"', '"%d"', '"%05.1f|%q"', '"a"', '"%[2]s%[1]s"', '"%-5s|%5t"', '"%x"', '"%g"'],
    "small": ["0", "1", "2", "3", "8", "10", "-1", "0.5"],
    "cidr": ['"10.0.0.0/8"', '"192.168.1.0/24"', '"fd00::/48"', '"10.0.0.1"'],
    "date": ['"YYYY-MM-DD"', '"hh:mm:ss"', '"EEE, DD MMM YY HH:mmaa Z"', "\"'day' D\""],
    "stamp": ['"2024-02-29T12:34:56Z"', '"2023-12-31T23:59:59-08:00"', '"2024-02-29T12:34:56.5+01:30"', '"2024-02-30"'],
    "duration": ['"1h"', '"-90m"', '"1.5h10s"', '"24h"', '"1d"'],
    "pattern": ['"[a-z]+"', '"(\\\\w)(\\\\d)?"', '"(?P<first>.)(?P<rest>.*)"', '"^a|b$"', '"x*"', '"("', '"(?i)HELLO"'],
    "namespace": ['"dns"', '"url"', '"6ba7b810-9dad-11d1-80b4-00c04fd430c8"'],
    "json": ['"{\\"a\\": [1, null, \\"x\\"], \\"b\\": {\\"c\\": false}}"', '"[1, 2"', '"{}"', "jsonencode(var.o)"],
    "yaml": ['"a: yes\\nb: [1, x]\\nc: {d: null}"', '"- 1\\n- 0x10"', '"a: [b"', "yamlencode(local.object)"],
    "csv": ['"a,b\\n1,2\\n3,4"', '"a,a\\n1,2"', '"a\\n\\"x,y\\"\\n"'],
    "lists": ['{ a = ["x", "y"], b = ["y"] }', "{ a = var.l }", "{}", '{ a = [var.us] }'],
}  # fmt: skip


class Generator:
    """Makes expressions from a seed."""

    def __init__(self, random: Random, mistakes: float = 0.04) -> None:
        self.random = random
        self.mistakes = mistakes
        self.names: list[tuple[str, str]] = []

    def expression(self, kind: str, depth: int) -> str:
        """Make an expression of a type, nested at most so deep."""
        random = self.random
        if kind == "any":
            kind = random.choice(TYPES)
        elif kind == "coll":
            kind = random.choice(COLLECTIONS)
        elif kind == "seq":
            kind = random.choice(SEQUENCES)
        if kind in SPECIAL:
            return random.choice(SPECIAL[kind])
        if random.random() < self.mistakes:
            kind = random.choice(TYPES)
        elif random.random() < 0.1:
            kind = random.choice(NEAR[kind])
        if depth <= 0 or random.random() < 0.12:
            return self.leaf(kind)
        choices: list[Callable[[str, int], str]] = [self.call, self.call, self.conditional, self.leaf_or_index]
        makers = {
            "bool": [self.logic, self.comparison, self.equality, self.equality, self.negation],
            "number": [self.arithmetic, self.arithmetic],
            "string": [self.template, self.template, self.directive],
            "list": [self.loop, self.loop, self.splat],
            "numbers": [self.written_list],
            "bools": [self.written_list, self.loop],
            "set": [],
            "map": [self.map_loop],
            "object": [self.written_object, self.map_loop],
            "tuple": [self.written_list, self.loop],
        }
        return random.choice(choices + makers[kind] * 2)(kind, depth - 1)

    def leaf(self, kind: str) -> str:
        named = [name for name, held in self.names if held == kind]
        if named and self.random.random() < 0.6:
            return self.random.choice(named)
        return self.random.choice(LEAVES[kind])

    def leaf_or_index(self, kind: str, depth: int) -> str:
        random = self.random
        if kind in ("string", "bool", "number") and random.random() < 0.7:
            plural = {"string": "list", "bool": "bools", "number": "numbers"}[kind]
            if random.random() < 0.3 and kind == "string":
                return f"({self.expression('map', depth)})[{self.expression('string', depth - 1)}]"
            return (
                f"({self.expression(plural, depth)})[{random.choice(['0', '1', 'var.n', '-1', 'length(var.l) - 1'])}]"
            )
        return self.leaf(kind)

    def call(self, kind: str, depth: int) -> str:
        name = self.random.choice(sorted(FUNCTIONS[kind]))
        arguments = []
        for wanted in FUNCTIONS[kind][name]:
            repeats = self.random.choice((0, 1, 1, 2)) if wanted.endswith("*") else 1
            arguments += [self.expression(wanted.rstrip("*"), depth) for _ in range(repeats)]
        return f"{name}({', '.join(arguments)})"

    def conditional(self, kind: str, depth: int) -> str:
        condition = self.expression("bool", depth)
        return f"({condition} ? {self.expression(kind, depth)} : {self.expression(kind, depth)})"

    def logic(self, kind: str, depth: int) -> str:
        operator = self.random.choice(("&&", "||"))
        return f"({self.expression('bool', depth)} {operator} {self.expression('bool', depth)})"

    def comparison(self, kind: str, depth: int) -> str:
        operator = self.random.choice(("<", ">", "<=", ">="))
        return f"({self.expression('number', depth)} {operator} {self.expression('number', depth)})"

    def equality(self, kind: str, depth: int) -> str:
        operator = self.random.choice(("==", "!="))
        held = self.random.choice(TYPES)
        right = "null" if self.random.random() < 0.2 else self.expression(held, depth)
        return f"({self.expression(held, depth)} {operator} {right})"

    def negation(self, kind: str, depth: int) -> str:
        return f"!{self.expression('bool', depth)}"

    def arithmetic(self, kind: str, depth: int) -> str:
        operator = self.random.choice("+-*/%")
        if self.random.random() < 0.15:
            return f"-({self.expression('number', depth)})"
        return f"({self.expression('number', depth)} {operator} {self.expression('number', depth)})"

    def template(self, kind: str, depth: int) -> str:
        pieces = []
        for _ in range(self.random.choice((1, 2, 2, 3))):
            if self.random.random() < 0.4:
                pieces.append(self.random.choice(("a", "-", "true", " x ", "$${", "%%{", "\\n", '\\"', "é")))
            else:
                held = self.random.choice(("string", "string", "number", "bool", "any"))
                pieces.append("${" + self.random.choice(("", "~ ")) + self.expression(held, depth - 1) + "}")
        return '"' + "".join(pieces) + '"'

    def directive(self, kind: str, depth: int) -> str:
        if self.random.random() < 0.5:
            otherwise = "%{ else }b" if self.random.random() < 0.6 else ""
            mark = self.random.choice(("", "~"))
            return f'"x %{{{mark} if {self.expression("bool", depth)} {mark}}} a {otherwise}%{{ endif }}"'
        name = self.fresh()
        collection = self.expression("list", depth)
        inner = self.within([(name, "string")], lambda: self.expression("string", depth - 1))
        return f'"%{{ for {name} in {collection} }}${{{inner}}},%{{ endfor }}"'

    def fresh(self) -> str:
        return f"v{len(self.names)}"

    def within(self, names: list[tuple[str, str]], make: Callable[[], str]) -> str:
        self.names += names
        try:
            return make()
        finally:
            del self.names[-len(names) :]

    def loop(self, kind: str, depth: int) -> str:
        inner = {"list": "string", "bools": "bool", "tuple": "any"}.get(kind, "any")
        source = self.random.choice(("list", "list", "set", "map", "tuple", "numbers"))
        held = {"list": "string", "set": "string", "map": "string", "numbers": "number"}.get(source, "any")
        key, value = self.fresh(), f"w{len(self.names)}"
        names = [(value, held), (key, "string" if source in ("map", "set") else "number")]
        two = self.random.random() < 0.5
        collection = self.expression(source, depth)
        body = self.within(names if two else names[:1], lambda: self.loop_body(inner, depth))
        return f"[for {f'{key}, ' if two else ''}{value} in {collection} : {body}]"

    def loop_body(self, inner: str, depth: int) -> str:
        body = self.expression(inner, depth - 1)
        return body + (f" if {self.expression('bool', depth - 1)}" if self.random.random() < 0.4 else "")

    def map_loop(self, kind: str, depth: int) -> str:
        key, value = self.fresh(), f"w{len(self.names)}"
        source = self.random.choice(("map", "list", "set", "object"))
        collection = self.expression(source, depth)
        grouped = self.random.random() < 0.25
        names = [(key, "string"), (value, "string")]

        def make() -> str:
            name = self.random.choice((f"{value}", f"{key}", f'"k-${{{key}}}"', self.expression("string", depth - 1)))
            body = self.expression(self.random.choice(("string", "bool", "number")), depth - 1)
            condition = f" if {self.expression('bool', depth - 1)}" if self.random.random() < 0.3 else ""
            return f"{name} => {body}{'...' if grouped else ''}{condition}"

        return f"{{ for {key}, {value} in {collection} : {self.within(names, make)} }}"

    def splat(self, kind: str, depth: int) -> str:
        return self.random.choice(
            (
                "var.os[*].name",
                "var.os.*.on",
                f"({self.expression('any', depth)})[*]",
                "values(var.om)[*].tags",
                "var.nl[*]",
                "var.o[*].name",
                f"[for o in var.os : o if {self.expression('bool', depth)}][*].name",
                "var.ul[*]",
            )
        )

    def written_list(self, kind: str, depth: int) -> str:
        inner = {"numbers": "number", "bools": "bool", "list": "string"}.get(kind, "any")
        return "[" + ", ".join(self.expression(inner, depth) for _ in range(self.random.choice((1, 2, 3)))) + "]"

    def written_object(self, kind: str, depth: int) -> str:
        names = self.random.sample(("a", "b", "name", "on", '"c d"', "(var.s)", "(var.us)"), self.random.choice((1, 2)))
        return "{ " + ", ".join(f"{name} = {self.expression('any', depth)}" for name in names) + " }"
