"""The three units in which Tamis counts, in plain Python: what a caller does with a span."""

UNITS = ("bytes", "codepoints", "utf16")


def cut(text: str, unit: str, start: int, end: int) -> str:
    """The part of `text` from `start` to `end`, counted in `unit`."""
    if unit == "bytes":
        return text.encode()[start:end].decode()
    if unit == "utf16":
        return text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le")
    return text[start:end]
