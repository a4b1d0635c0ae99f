#!/usr/bin/env python3
"""Regenerates the .tsv files of this folder from their published sources.

    extract.py UCD_DIR OPENCC_DIR

UCD_DIR holds the Unicode Character Database with the Unihan files unpacked, OPENCC_DIR the `data` folder of OpenCC's
dictionaries. Every file starts with its source and licence; lines are `source<TAB>target`, sorted by code point.
"""
import re
import sys
from pathlib import Path

UCD, OPENCC = Path(sys.argv[1]), Path(sys.argv[2])
HERE = Path(__file__).parent

# Where simplified Chinese keeps a second reading, OpenCC puts the character itself first and leaves the choice to its
# phrase tables. The fold has no phrases and only needs both writings to meet, so the simplified form wins here.
SIMPLIFIED_WINS = {"瞭": "了", "藉": "借", "甯": "宁"}


def write(name, source, licence, pairs):
    lines = [f"# {source}\n# {licence}\n"]
    lines += [f"{a}\t{b}\n" for a, b in sorted(pairs.items())]
    (HERE / name).write_text("".join(lines), encoding="utf-8")
    print(name, len(pairs))


def opencc(name):
    table = {}
    for line in (OPENCC / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            source, targets = line.split("\t")
            table[source] = targets.split(" ")
    return table


def unihan(file, fields):
    for line in (UCD / file).read_text(encoding="utf-8").splitlines():
        if line.startswith("U+"):
            code, field, value = line.split("\t")
            if field in fields:
                yield chr(int(code[2:], 16)), field, value


def main():
    unicode_licence = "Unicode License v3 (Unicode-3.0), copyright Unicode, Inc."

    simplified = {a: targets[0] for a, targets in opencc("TSCharacters.txt").items() if targets[0] != a}
    simplified |= SIMPLIFIED_WINS
    write("simplified.tsv", "OpenCC TSCharacters, first target", "Apache-2.0, copyright the OpenCC authors", simplified)

    # A variant is taken only where it leads from a character outside the table of general standard characters (kTGH)
    # to one inside: two characters that both live in today's Chinese (己 已) are never merged.
    standard = {c for c, _, _ in unihan("Unihan_OtherMappings.txt", {"kTGH"})}
    variants = {}
    for field in ("kZVariant", "kSpoofingVariant"):
        for c, _, value in unihan("Unihan_Variants.txt", {field}):
            targets = [chr(int(v.split("<")[0][2:], 16)) for v in value.split()]
            targets = {t for t in targets if simplified.get(t, t) in standard}
            if c not in standard and c not in simplified and c not in variants and targets:
                variants[c] = min(targets)
    write("han_variants.tsv", "Unihan kZVariant and kSpoofingVariant, towards general standard characters", unicode_licence, variants)

    shinjitai = {}
    for c, targets in opencc("JPShinjitaiCharacters.txt").items():
        others = [t for t in targets if t != c]
        if c not in standard and c not in simplified and others and simplified.get(others[0], others[0]) in standard:
            shinjitai[c] = others[0]
    write("shinjitai.tsv", "OpenCC JPShinjitaiCharacters, new forms that Chinese does not use", "Apache-2.0, copyright the OpenCC authors", shinjitai)

    radicals = {}
    for line in (UCD / "EquivalentUnifiedIdeograph.txt").read_text(encoding="utf-8").splitlines():
        line = line.split("#")[0].strip()
        if line:
            source, target = (part.strip() for part in line.split(";"))
            first, _, last = source.partition("..")
            for code in range(int(first, 16), int(last or first, 16) + 1):
                radicals[chr(code)] = chr(int(target, 16))
    write("radicals.tsv", "UCD EquivalentUnifiedIdeograph", unicode_licence, radicals)

    latin = {}
    shape = "(?:DOTLESS|SCRIPT|BLACKLETTER|INSULAR|LONG|TURNED|REVERSED|SIDEWAYS|OPEN|CLOSED|INVERTED|TOP HALF|BOTTOM HALF|"
    shape += "STRETCHED|BROAD|HALF|BARRED|LENIS|FLATTENED OPEN|VISIGOTHIC|VOLAPUK|MIDDLE-WELSH|TAILLESS|ANGLICANA)"
    letter = re.compile(rf"LATIN (?:(?:SMALL|CAPITAL) LETTER|LETTER SMALL CAPITAL)(?: SMALL)?(?: CAPITAL)?(?: {shape})* ([A-Z]|AE|OE|OU|AA|AO|AU|AV|AY|OO|VY|TZ)(?: WITH .*)?")
    for line in (UCD / "UnicodeData.txt").read_text(encoding="utf-8").splitlines():
        code, name, _, _, _, decomposition = line.split(";")[:6]
        match = letter.fullmatch(name)
        if match and int(code, 16) > 0x7F and not decomposition:
            latin[chr(int(code, 16))] = match.group(1).lower()
    write("latin.tsv", "UCD UnicodeData: the base letter that the name of a Latin letter gives", unicode_licence, latin)


main()
