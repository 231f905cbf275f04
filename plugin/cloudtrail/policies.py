"""What policies allow and deny, in three values: to CloudTrail's service principal, and to everyone.

The evaluation follows IAM's: an explicit Deny wins, without an Allow nothing is granted, the lines of a `Condition`
are AND'd, the values of a line are alternatives, and a negated operator is met by a key that is not there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from checkov_cloudtrail.cloudtrail.spelling import ANYTHING, Speller, any_matches
from checkov_cloudtrail.model.location import Range
from checkov_cloudtrail.model.neighbours import Condition, PolicyDocument, Principal, Statement
from checkov_cloudtrail.model.record import record
from checkov_cloudtrail.model.values import Absent, Items, Known, Reference, Unknown, Value

CLOUDTRAIL = "cloudtrail.amazonaws.com"
_RETIRED = "aws_cloudtrail_service_account"

# A condition key's possible values in a request: each alternative is the tuple of its values, empty when it is not
# there. A key that a request does not list may have any value.
Fact = tuple[tuple[str, ...], ...]


@record
class Request:
    """One call of a service principal.

    Args:
        service: the principal, `cloudtrail.amazonaws.com`.
        action: `s3:PutObject`.
        resource: spelled ARN; None where the policy has only one resource (KMS).
        facts: condition keys in lower case.
        absent: keys that the call never carries; a trailing `*` stands for any ending.
    """

    service: str
    action: str
    resource: str | None
    facts: Mapping[str, Fact]
    absent: frozenset[str] = frozenset(
        {
            "aws:principalorgid",
            "aws:principalorgpaths",
            "aws:principalarn",
            "aws:principalaccount",
            "aws:principaltag/*",
            "aws:sourcevpc",
            "aws:sourcevpce",
            "aws:vpcsourceip",
            "aws:sourceip",
            "aws:userid",
            "aws:username",
            "aws:multifactorauthpresent",
            "aws:multifactorauthage",
            "aws:referer",
        }
    )

    def fact(self, key: str) -> Fact | None:
        """Give what the request says of a condition key; None when that is open."""
        key = key.lower()
        if key in self.facts:
            return self.facts[key]
        return ((),) if key in self.absent or f"{key.partition('/')[0]}/*" in self.absent else None


@record
class Answer:
    """Whether something is granted.

    Args:
        granted: None when that cannot be told.
        because: for people: which statement decides, or what would decide.
        range: that statement, or the policy.
    """

    granted: bool | None
    because: str
    range: Range


def negate(value: bool | None) -> bool | None:
    """Kleene's not."""
    return None if value is None else not value


def every(values: Iterable[bool | None]) -> bool | None:
    """Kleene's and."""
    found = list(values)
    return False if False in found else None if None in found else True


def some(values: Iterable[bool | None]) -> bool | None:
    """Kleene's or."""
    found = list(values)
    return True if True in found else None if None in found else False


def granted(documents: Items[PolicyDocument], request: Request, speller: Speller, where: Range) -> Answer:
    """Tell whether policies grant a request.

    Args:
        documents: all policies of the resource; none at all grants nothing.
        request: the call.
        speller: how the trail in question spells names.
        where: the resource, for an answer that no statement gives.
    """
    may_deny: list[Answer] = []
    may_allow: list[Answer] = []
    allows: list[Answer] = []
    if documents.unknown is not None:
        may_allow.append(Answer(None, documents.unknown.because, where))
    for document, sure in (*((d, True) for d in documents.known), *((d, False) for d in documents.possible)):
        for statement, there in _each(document.statements):
            hits = applies(statement, request, speller)
            if hits is False:
                continue
            surely = hits and there and sure
            name = describe(statement)
            perhaps = Answer(None, f"{name}: {doubt(statement, speller, request.resource or '')}", statement.range)
            match statement.effect:
                case Known("Deny") if surely:
                    return Answer(False, f"{name} denies {request.action} to {request.service}", statement.range)
                case Known("Allow") if surely:
                    allows.append(Answer(True, f"{name} allows {request.action}", statement.range))
                case Known("Allow"):
                    may_allow.append(perhaps)
                case Known("Deny") | Unknown():
                    may_deny.append(perhaps)
                case _:
                    pass
        if document.statements.unknown is not None:
            may_deny.append(Answer(None, document.statements.unknown.because, document.range))
    if may_deny:
        return may_deny[0]
    if allows or may_allow:
        return (allows or may_allow)[0]
    found = documents.known[0].range if documents.known else where
    return Answer(False, f"no statement allows {request.action} to {request.service}", found)


def _each(statements: Items[Statement]) -> Iterator[tuple[Statement, bool]]:
    """Give every statement, and whether it is surely there."""
    yield from ((statement, True) for statement in statements.known)
    yield from ((statement, False) for statement in statements.possible)


def applies(statement: Statement, request: Request, speller: Speller) -> bool | None:
    """Tell whether a statement is about a request."""
    return every(
        (
            _about(statement, request.service, speller),
            _acts(statement, request.action, speller),
            _covers(statement, request.resource, speller),
            holds(statement.conditions, request, speller),
        )
    )


def _about(statement: Statement, service: str, speller: Speller) -> bool | None:
    """Tell whether a service principal is meant."""
    if statement.not_principals.surely_empty:
        return _names(statement.principals, service, speller)
    return negate(_names(statement.not_principals, service, speller))


def _names(principals: Items[Principal], service: str, speller: Speller) -> bool | None:
    answers: list[bool | None] = [None] if principals.unknown or principals.possible else []
    for principal in principals.known:
        match principal.type:
            case Known("*"):
                answers.append(True)
            case Known("AWS"):
                answers.append(_star(principal.identifiers))
            case Known("Service"):
                answers.append(_matched(principal.identifiers, service, speller, wildcards=False))
            case Known():
                answers.append(False)
            case _:
                answers.append(None)
    return some(answers)


def _star(identifiers: Value[tuple[Value[str], ...]]) -> bool | None:
    """Tell whether AWS principals include everyone. Who names a role or writes a part of an ARN does not mean `*`."""
    if not isinstance(identifiers, Known):
        return None if isinstance(identifiers, Unknown) else False
    answers: list[bool | None] = []
    for identifier in identifiers.value:
        match identifier:
            case Known(text):
                answers.append(text == "*")
            case Unknown(_, _, parts):
                # CloudTrail wrote as an account of its own before it had a service principal.
                retired = any(isinstance(part, Reference) and _RETIRED in part.address for part in parts)
                someone = any(isinstance(part, str) or part.attribute for part in parts)
                answers.append(None if retired or not someone else False)
            case Absent():
                answers.append(False)
    return some(answers)


def _acts(statement: Statement, action: str, speller: Speller) -> bool | None:
    """Tell whether an action is meant. Actions are compared without regard to case."""
    if isinstance(statement.not_actions, Absent):
        return _matched(statement.actions, action, speller, fold=True)
    return negate(_matched(statement.not_actions, action, speller, fold=True))


def _covers(statement: Statement, resource: str | None, speller: Speller) -> bool | None:
    """Tell whether a resource is meant."""
    if resource is None:
        return True
    if isinstance(statement.not_resources, Absent):
        return _matched(statement.resources, resource, speller)
    return negate(_matched(statement.not_resources, resource, speller))


def _matched(
    patterns: Value[tuple[Value[str], ...]], value: str, speller: Speller, *, wildcards: bool = True, fold: bool = False
) -> bool | None:
    """Match one value against a list of patterns of which parts may be unknown."""
    match patterns:
        case Absent():
            return False
        case Unknown():
            return None
        case Known(several):
            spelled = [speller.spell(pattern) for pattern in several]
            if fold:
                spelled, value = [pattern.lower() for pattern in spelled], value.lower()
            return any_matches(spelled, value, wildcards)


def holds(conditions: Items[Condition], request: Request, speller: Speller) -> bool | None:
    """Tell whether a request meets all conditions of a statement."""
    unseen: list[bool | None] = [None] if conditions.unknown or conditions.possible else []
    return every([*unseen, *(_holds(condition, request, speller) for condition in conditions.known)])


def _holds(condition: Condition, request: Request, speller: Speller) -> bool | None:
    """Judge one line of a condition under every possible value of its key."""
    if not isinstance(condition.operator, Known) or not isinstance(condition.key, Known):
        return None
    fact = request.fact(condition.key.value)
    if fact is None or not isinstance(condition.values, Known):
        return None
    wanted = [speller.spell(value) for value in condition.values.value]
    answers = {_compare(condition.operator.value, wanted, alternative) for alternative in fact}
    return answers.pop() if len(answers) == 1 else None


def _compare(operator: str, wanted: list[str], actual: tuple[str, ...]) -> bool | None:
    """Apply an operator to the values of a key in the request."""
    quantifier, _, name = operator.rpartition(":")
    name = name.lower()
    optional = name.endswith("ifexists")
    name = name.removesuffix("ifexists")
    if name == "null":
        return some((value.lower() == "true") == (not actual) if value != ANYTHING else None for value in wanted)
    negated = "not" in name
    if not actual:
        if quantifier.lower() == "forallvalues":
            return True
        return optional or (negated and quantifier.lower() != "foranyvalue")
    positive = name.replace("not", "")
    fold = positive in ("stringequalsignorecase", "bool")
    if positive not in ("stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike", "bool"):
        # Numbers, dates and addresses of a service's own call are not known before it makes it.
        return None
    wildcards = positive in ("stringlike", "arnequals", "arnlike")
    if fold:
        wanted, actual = [value.lower() for value in wanted], tuple(value.lower() for value in actual)
    each = [any_matches(wanted, value, wildcards) for value in actual]
    met = [negate(answer) for answer in each] if negated else each
    return every(met) if quantifier.lower() == "forallvalues" or (negated and not quantifier) else some(met)


# Keys that tie a caller to an account, an organization, a network or a resource: with a fixed value they make a
# statement for everyone a statement for few. The list is Amazon S3's meaning of "public".
_NARROWING = frozenset(
    {
        "aws:sourcearn",
        "aws:sourceaccount",
        "aws:sourceorgid",
        "aws:sourceorgpaths",
        "aws:sourceowner",
        "aws:sourceip",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:principalservicename",
        "aws:principalisawsservice",
        "aws:userid",
        "aws:username",
        "s3:dataaccesspointaccount",
        "s3:dataaccesspointarn",
        "s3:x-amz-server-side-encryption-aws-kms-key-id",
    }
)
_VARIABLE = re.compile(r"\$\{(?![*?$]\})")
_EVERYWHERE = {"*", "0.0.0.0/0", "::/0", "0.0.0.0/1", "128.0.0.0/1", ""}


def opens(statement: Statement, speller: Speller) -> bool | None:
    """Tell whether a statement gives something to everyone: `*` without a condition that narrows it."""
    match statement.effect:
        case Known("Allow"):
            effect: bool | None = True
        case Unknown():
            effect = None
        case _:
            effect = False
    everyone = _everyone(statement.principals) if statement.not_principals.surely_empty else True
    return every((effect, everyone, negate(_narrowed(statement.conditions, speller))))


def _everyone(principals: Items[Principal]) -> bool | None:
    """Tell whether principals include everyone."""
    answers: list[bool | None] = [None] if principals.unknown else []
    for principal in (*principals.known, *principals.possible):
        match principal.type:
            case Known("*"):
                answers.append(True)
            case Known("AWS") | Unknown():
                answers.append(_star(principal.identifiers))
            case _:
                answers.append(False)
    return some(answers)


def _narrowed(conditions: Items[Condition], speller: Speller) -> bool | None:
    """Tell whether one line of the condition narrows the callers down."""
    answers: list[bool | None] = [None] if conditions.unknown or conditions.possible else []
    for condition in conditions.known:
        if not isinstance(condition.key, Known) or not isinstance(condition.operator, Known):
            answers.append(None)
            continue
        operator = condition.operator.value.rpartition(":")[2].lower()
        narrowing = condition.key.value.lower() in _NARROWING and operator != "null"
        if not narrowing or "not" in operator or operator.endswith("ifexists"):
            answers.append(False)
        elif isinstance(condition.values, Known):
            spelled = [speller.spell(value) for value in condition.values.value]
            fixed = all(_is_fixed(text, operator) for text in spelled) and not _variable(condition.values.value)
            # aws:PrincipalIsAWSService = false admits everybody who is not a service.
            answers.append(bool(spelled) and fixed and not (operator == "bool" and "false" in spelled))
        else:
            answers.append(True)
    return some(answers)


def _is_fixed(text: str, operator: str) -> bool:
    """Tell whether a value leaves it to nobody to be meant: anyone can name a role `Audit`, in an account of their own.

    S3 takes a statement for public unless its condition has fixed values [S3 API PublicAccessBlockConfiguration]; a
    wildcard behind a fixed account, organization or bucket still means somebody certain.
    """
    if text in _EVERYWHERE or not text.strip("*?"):
        return False
    if "like" not in operator and not operator.startswith("arn"):
        return True
    parts = text.split(":", 5)
    if parts[0] == "arn" and len(parts) == 6:
        text = parts[4] or parts[5]
    return not any(wildcard in re.split("[/:]", text)[0] for wildcard in "*?")


def _variable(values: Iterable[Value[str]]) -> bool:
    """Tell whether a value is made of what the caller brings along: `${aws:PrincipalAccount}` equals itself."""
    return any(isinstance(value, Known) and _VARIABLE.search(value.value) for value in values)


def describe(statement: Statement) -> str:
    """Name a statement for people."""
    if isinstance(statement.sid, Known) and statement.sid.value:
        return f"statement {statement.sid.value}"
    return "a statement without Sid"


def doubt(statement: Statement, speller: Speller, resource: str = "") -> str:
    """Say what is not known of a statement, or of the resource that it is held against."""
    principals = (*statement.principals.known, *statement.not_principals.known)
    for items in (statement.principals, statement.not_principals, statement.conditions):
        if items.unknown is not None:
            return items.unknown.because
    lists: list[Value[tuple[Value[str], ...]]] = [
        *(principal.identifiers for principal in principals),
        statement.actions,
        statement.not_actions,
        statement.resources,
        statement.not_resources,
        *(condition.values for condition in statement.conditions.known),
    ]
    for several in lists:
        if isinstance(several, Unknown):
            return several.because
        for value in several.value if isinstance(several, Known) else ():
            if isinstance(value, Unknown):
                spelled = speller.spell(value)
                if (because := speller.why(spelled)) is not None:
                    return because
    if (because := speller.why(resource)) is not None:
        return because
    keys = [c.key.value for c in statement.conditions.known if isinstance(c.key, Known)]
    return f"whether its condition on {' and '.join(keys)} is met" if keys else "whether it is there"
