"""Runs `tamis check` over whole corpora and proves every span, independently of the code that made it.

    python clients/python/spans.py --binary target/release/tamis --corpora DIR

DIR holds clean/*.txt (one message a line), hatecheck_*/*.csv (column test_case) and lists/ldnoobw/{zh,en} (the terms). For each
file and each unit: no message has an error, ids come in order, every span cuts exactly its text out of the message, in that unit;
the three units cut the same. Where a verdict says that the code points equal the term's, they do; else the slice and the term must
be equal once case, width, marks, separators, repetitions and invisible characters are gone, or are counted as `variants` (traditional
hanzi, look-alikes, leet), of which the most frequent ones are shown. Needs nothing but Python.
"""

import argparse
import collections
import csv
import json
import pathlib
import subprocess
import sys
import tempfile
import unicodedata

from units import UNITS, cut


def messages_of(path: pathlib.Path) -> list[str]:
    """The messages of a file: lines, or the sentences of a table."""
    if path.suffix == ".csv":
        with open(path, encoding="utf-8", newline="") as table:
            return [row["test_case"] for row in csv.DictReader(table)]
    text = path.read_text(encoding="utf-8-sig")
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    return [line.removesuffix("\r") for line in lines]


def verdicts_of(binary, flags, path, messages, unit):
    """The verdicts of `tamis check`, in order; a table goes in as JSON lines."""
    command = [binary, "check", *flags, "--offsets", unit, "--format", "jsonl"]
    given = None
    if path.suffix == ".csv":
        command += ["--input", "jsonl"]
        given = "".join(json.dumps({"text": text}) + "\n" for text in messages).encode()
    else:
        command += [str(path)]
    done = subprocess.run(command, input=given, stdout=subprocess.PIPE, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def plain(text: str) -> str:
    """The text without case, width, marks, separators, repetitions and invisible characters."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    kept = [c for c in unicodedata.normalize("NFKD", folded) if unicodedata.category(c)[0] in "LN"]
    return "".join(c for i, c in enumerate(kept) if i == 0 or kept[i - 1] != c)


class Tally:
    """What was seen, and what was wrong with it."""

    def __init__(self):
        self.messages = self.triggered = self.spans = self.exact = self.plain = 0
        self.variants = collections.Counter()
        self.wrong = []

    def look(self, text, verdict, unit, number):
        """Proves one verdict; the slices that it points to."""
        if "error" in verdict:
            self.wrong.append(f"message {number}: {verdict['error']}")
            return []
        if verdict["id"] != str(number):
            self.wrong.append(f"message {number} has the id {verdict['id']}")
        slices = []
        for trigger in verdict["triggers"]:
            term = trigger["rule"].split("/", 1)[1]
            for span in (span for match in trigger["matches"] for span in match["spans"]):
                slices.append((trigger["rule"], span["text"]))
                self.prove(text, unit, number, trigger["planes"], term, span)
        return slices

    def prove(self, text, unit, number, planes, term, span):
        """Proves one span."""
        self.spans += 1
        part = cut(text, unit, span["start"], span["end"])
        if part != span["text"]:
            self.wrong.append(f"message {number}: {span} cuts {part!r}")
        elif part == term:
            self.exact += 1
        elif plain(part) == plain(term):
            self.plain += 1
        else:
            self.variants[f"{part} ~ {term}"] += 1


def main() -> int:
    """Checks everything."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--binary", required=True, help="the tamis binary")
    arguments.add_argument("--corpora", required=True, type=pathlib.Path, help="the folder of corpora")
    arguments.add_argument("--shipped", action="store_true", help="the shipped dictionaries instead of the lists")
    options = arguments.parse_args()
    root = options.corpora
    with tempfile.TemporaryDirectory(prefix="tamis-spans-") as folder:
        flags = [] if options.shipped else ["--terms", str(usable(root / "lists" / "ldnoobw", pathlib.Path(folder)))]
        return prove_all(options.binary, flags, root)


def usable(lists: pathlib.Path, folder: pathlib.Path) -> pathlib.Path:
    """A file of the terms that a dictionary takes: a lone emoji folds to a separator, and is refused."""
    terms = [term for name in ("zh", "en") for term in (lists / name).read_text(encoding="utf-8").split("\n") if term]
    kept = [term for term in terms if plain(term)]
    print(f"{len(kept)} terms; left out, as they hold no letter: {sorted(set(terms) - set(kept))}")
    path = folder / "terms.txt"
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")
    return path


def prove_all(binary: str, flags: list[str], root: pathlib.Path) -> int:
    """Proves every file, prints a line for each, and gives the exit code."""
    files = sorted([*root.glob("clean/*.txt"), *root.glob("hatecheck_*/*.csv")])
    if not files:
        sys.exit(f"{root} holds neither clean/*.txt nor hatecheck_*/*.csv")
    failed, variants = 0, collections.Counter()
    print(f"{'file':<50}{'messages':>9}{'hit':>7}{'spans':>7}{'exact':>7}{'plain':>7}{'variants':>9}{'wrong':>7}")
    for path in files:
        messages = messages_of(path)
        tally, cuts = Tally(), {}
        for unit in UNITS:
            verdicts = verdicts_of(binary, flags, path, messages, unit)
            if len(verdicts) != len(messages):
                tally.wrong.append(f"{len(messages)} messages, {len(verdicts)} verdicts")
            numbered = enumerate(zip(messages, verdicts), start=1)
            cuts[unit] = [tally.look(text, verdict, unit, number) for number, (text, verdict) in numbered]
        if not cuts["bytes"] == cuts["codepoints"] == cuts["utf16"]:
            tally.wrong.append("the units do not cut the same")
        hit = sum(1 for found in cuts["bytes"] if found)
        counts = [tally.spans, tally.exact, tally.plain, tally.variants.total()]
        row = [len(messages), hit, *(count // len(UNITS) for count in counts)]
        name = f"{path.parent.name}/{path.name}"
        print(f"{name:<50}{row[0]:>9}{row[1]:>7}{row[2]:>7}{row[3]:>7}{row[4]:>7}{row[5]:>9}{len(tally.wrong):>7}")
        for problem in tally.wrong[:10]:
            print(f"    {problem}")
        failed += bool(tally.wrong)
        variants.update(tally.variants)
    if variants:
        print("variants:", ", ".join(f"{what} ({count // len(UNITS)})" for what, count in variants.most_common(20)))
    print(f"{len(files) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
