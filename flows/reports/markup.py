"""HTML as nested calls: whatever is not markup already is escaped, so that no value can become any."""

from __future__ import annotations

import html

#: Elements that hold nothing and are not closed.
_VOID = frozenset({"meta", "link", "br", "rect"})


class Markup(str):
    """Text that is HTML already; only `tag` and `raw` make it."""

    __slots__ = ()


def tag(name: str, /, *children: str | None, **attributes: str | int | None) -> Markup:
    """One element. `class_` is class, `aria_label` aria-label; a child or an attribute that is None is left out."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{html.escape(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in _VOID:
        return Markup(f"<{name}{written}>" if name != "rect" else f"<{name}{written}/>")
    return Markup(f"<{name}{written}>{joined(*children)}</{name}>")


def joined(*children: str | None) -> Markup:
    """Several pieces as one."""
    return Markup("".join(one if isinstance(one, Markup) else html.escape(one) for one in children if one is not None))


def raw(text: str) -> Markup:
    """Our own text, taken as it stands: a style sheet. Never anything that was delivered."""
    return Markup(text)
