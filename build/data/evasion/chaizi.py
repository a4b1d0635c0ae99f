#!/usr/bin/env python3
"""Regenerates chaizi.tsv: ways to write a hanzi as two to four typable parts.

    chaizi.py CHAIZI_DIR

CHAIZI_DIR holds chaizi-jt.txt and chaizi-ft.txt. Needs `jieba` for Python (which hanzi are in use) and the fold's tables in
the folder above: hanzi and parts are written as the fold leaves them, so that traditional writings meet simplified ones.
"""
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

import jieba

HERE = Path(__file__).parent
FOLD = HERE.parent
STROKES = set("丨丿丶亅乛乚㇆㇉𠃊𠃋𠄌")
# The hanzi that keyboards offer.
HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
MOST_PARTS = 4
# A hanzi outside GB 2312 is in use where jieba's words hold it this often.
IN_USE = 3


def fold_map():
    # The fold unites these two by hand (build/fold_table/sources.rs).
    one = {"著": "着"}
    for name in ("simplified", "han_variants", "shinjitai", "radicals"):
        for line in (FOLD / f"{name}.tsv").read_text(encoding="utf-8").splitlines():
            if not line.startswith("#"):
                source, target = line.split("\t")
                one.setdefault(source, target)

    def fold(c):
        for _ in range(3):
            c = one.get(c, c)
        return c

    return fold


def encodes(c, encoding):
    return len(c) == 1 and c.encode(encoding, "ignore") != b""


def in_use():
    counts = Counter()
    for line in (Path(jieba.__file__).parent / "dict.txt").read_text(encoding="utf-8").splitlines():
        word, frequency, _ = line.split(" ")
        for c in word:
            counts[c] += int(frequency)
    return {c for c, count in counts.items() if count >= IN_USE}


def typable(parts):
    strokes = sum(p in STROKES for p in parts)
    return all(HAN.fullmatch(p) for p in parts) and (strokes == 0 or strokes == 1 and len(parts) == 2)


def read(folder, fold):
    table = defaultdict(dict)
    for name in ("chaizi-jt.txt", "chaizi-ft.txt"):
        for line in (folder / name).read_text(encoding="utf-8").splitlines():
            whole, *ways = line.split("\t")
            whole = fold(whole.strip())
            for way in ways:
                parts = tuple(fold(p) for p in way.split())
                if 2 <= len(parts) <= MOST_PARTS and whole not in parts and typable(parts):
                    table[whole][parts] = None
    return table


def pair_up(table):
    """Where the table only has three or more parts: two, by writing the parts at either end as the hanzi that they form."""
    wholes = defaultdict(list)
    for whole, ways in table.items():
        for parts in ways:
            if HAN.fullmatch(whole):
                wholes[parts].append(whole)
    for whole, ways in table.items():
        if any(len(parts) == 2 for parts in ways):
            continue
        for parts in list(ways):
            for joined in wholes.get(parts[1:], []):
                ways.setdefault((parts[0], joined))
            for joined in wholes.get(parts[:-1], []):
                ways.setdefault((joined, parts[-1]))
        for parts in [p for p in ways if whole in p]:
            del ways[parts]


def main():
    table, used = read(Path(sys.argv[1]), fold_map()), in_use()
    pair_up(table)
    table = {whole: ways for whole, ways in table.items() if encodes(whole, "gb2312") or whole in used}
    head = "# kfcd/chaizi, folded, without parts that cannot be typed, and some pairs derived from longer decompositions\n"
    head += "# CC BY 3.0, copyright 2022 开放词典 (kaifangcidian.com)\n"
    lines = [whole + "".join("\t" + "".join(parts) for parts in sorted(ways)) + "\n" for whole, ways in sorted(table.items()) if ways]
    (HERE / "chaizi.tsv").write_text(head + "".join(lines), encoding="utf-8")
    print(len(lines), "hanzi,", sum(map(len, table.values())), "ways")


main()
