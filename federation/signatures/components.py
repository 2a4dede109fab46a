"""The components of a message that RFC 9421 signs (§2), and the signature base (§2.5).

Of the parameters of components only `name` is read: nobody here signs with `sf`, `key`, `bs`, `req`
or `tr`, and a signature that does counts as covering too little.
"""

from collections.abc import Callable
from urllib.parse import parse_qsl, quote

import http_sf

from federation.errors import MalformedError
from federation.signatures.errors import InsufficientSignatureError, MalformedSignatureError
from federation.signatures.message import Message

QUERY_PARAM = '"@query-param";name='

_DERIVED: dict[str, Callable[[Message], str | None]] = {
    "@method": lambda message: message.method,
    "@target-uri": lambda message: target_uri(message),
    "@authority": lambda message: message.target.authority,
    "@scheme": lambda message: message.target.scheme,
    "@request-target": lambda message: message.target.origin_form,
    "@path": lambda message: message.target.path,
    "@query": lambda message: f"?{message.target.query or ''}",
    "@status": lambda message: None if message.status is None else str(message.status),
}


def target_uri(message: Message) -> str:
    """Return the target URI, host in lower case, without default port and fragment (§2.2.2)."""
    target = message.target
    return f"{target.scheme}://{target.authority}{target.origin_form}"


def is_understood(component: str) -> bool:
    """Tell whether `component`, as in `Claim.covered`, is of a kind that is read here."""
    if component.startswith('"'):
        return component.startswith(QUERY_PARAM) and component.count(";") == 1
    return not component.startswith("@") or component in _DERIVED


def base_of(covered: tuple[str, ...], params: str, message: Message) -> bytes:
    """Return the signature base of `message` (§2.5).

    `covered` are names, or whole identifiers such as `"@query-param";name="Pet"`. Raises
    InsufficientSignatureError for a component that is missing or not understood.
    """
    lines = [f"{_identifier(component)}: {_value(component, message)}" for component in covered]
    lines.append(f'"@signature-params": {params}')
    text = "\n".join(lines)
    if text.count("\n") != len(covered):
        raise MalformedSignatureError(reason="a component has a line break")
    return text.encode("utf-8", "surrogateescape")


def _identifier(component: str) -> str:
    return component if component.startswith('"') else f'"{component}"'


def _value(component: str, message: Message) -> str:
    if component.startswith("@"):
        derive = _DERIVED.get(component)
        value = derive(message) if derive else None
    elif component.startswith('"'):
        value = _query_param(component, message) if is_understood(component) else None
    else:
        value = message.value(component)
    if value is None:
        raise InsufficientSignatureError(reason=f"{component} is not there")
    return value


def _query_param(component: str, message: Message) -> str | None:
    """§2.2.8: the one value of that name, encoded anew; None where it is given twice."""
    name = http_sf.parse(component[len(QUERY_PARAM) :].encode("ascii"), tltype="item")[0]  # type: ignore[index]
    try:
        pairs = parse_qsl(message.target.query or "", keep_blank_values=True, max_num_fields=1000)
    except ValueError as error:
        raise MalformedError(term="query") from error
    values = [value for key, value in pairs if _encoded(key) == name]
    return _encoded(values[0]) if len(values) == 1 else None


def _encoded(text: str) -> str:
    return quote(text, safe="*").replace("~", "%7E")
