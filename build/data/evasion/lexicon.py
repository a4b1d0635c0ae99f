#!/usr/bin/env python3
"""Regenerates lexicon.txt: English words with their inflections.

    lexicon.py SCOWL

SCOWL is the folder of the word lists of SCOWL, named VARIETY-KIND.SIZE. Taken are words, capitalised words and contractions, American and
British, up to the sizes below, without names of people and places. A line is a word and what may be written behind it: "walk ed er ing s".
"""
import re
import sys
from pathlib import Path

HERE = Path(__file__).parent
VARIETIES = ("english", "american", "british", "british_z")
# So large a list is taken of each kind: the larger, the rarer its words.
SIZES = {"words": 50, "upper": 40, "contractions": 50}
FEWEST_LETTERS = 3
WIDTH = 140


def words_of(folder):
    found = set()
    for kind, most in SIZES.items():
        for path in (path for variety in VARIETIES for path in folder.glob(f"{variety}-{kind}.*")):
            if int(path.suffix[1:]) <= most:
                found |= set(path.read_text(encoding="latin-1").lower().split())
    # Contractions are often written without the apostrophe, which also parts their tokens: didn't, didnt, didn.
    parts = [word.split("'") for word in found if word.count("'") == 1 and not word.endswith("'s")]
    found |= {"".join(pair) for pair in parts} | {head for head, _ in parts}
    return sorted(word for word in found if re.fullmatch("[a-z]{%d,}" % FEWEST_LETTERS, word))


def main():
    lines = []
    for word in words_of(Path(sys.argv[1])):
        stem = lines[-1].split(" ", 1)[0] if lines else word
        if lines and word != stem and word.startswith(stem) and len(lines[-1]) < WIDTH:
            lines[-1] += " " + word[len(stem):]
        else:
            lines.append(word)
    head = "# English words and what may be written behind them: SCOWL 2020.12.07, American and British, size 50, capitalised words 40\n"
    head += "# SCOWL: copyright 2000-2011 Kevin Atkinson, permissive; its full notice is in NOTICE\n"
    (HERE / "lexicon.txt").write_text(head + "".join(f"{line}\n" for line in lines), encoding="utf-8")


main()
