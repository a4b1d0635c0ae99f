"""Makes pinyin.tsv, traditional.tsv and neutral.txt.

pip install pypinyin==0.55.0 jieba==0.42.1
python3 extract.py REPOSITORY STCHARACTERS KDCONV
"""

import collections
import csv
import glob
import os
import re
import sys
import unicodedata

import jieba.posseg
from pypinyin.pinyin_dict import pinyin_dict

HANZI = "\u4e00-\u9fff"
HEAD_PINYIN = (
    "# The first reading of the hanzi of GB 2312 level 1 and of the shipped dictionaries: pypinyin 0.55.0, single characters\n"
    "# MIT, copyright (c) 2016 mozillazg, 闲耘 and contributors\n"
)
HEAD_TRADITIONAL = (
    "# Simplified to traditional characters, first target: OpenCC, STCharacters, of the same hanzi\n"
    "# Apache-2.0, copyright the OpenCC authors\n"
)
# Words about people and powers have no place among neutral ones; nor have names, which were taken out by hand.
TOUCHY = re.compile(
    "[国党政教族军战宗佛神穆警犯杀死毒性色男女皇王帝朝抗民美英法德俄]|革|日本|主席|总统|总理|领导|基督|伊斯兰|中共|共产|社会|选举|独立|解放|爱国|同志|黑人|白人"
)
TAGS = {"n", "v", "a", "vn", "l", "i", "d", "an"}


def hanzi_of(repository):
    level1 = open(f"{repository}/build/data/evasion/gb2312_level1.txt", encoding="utf-8")
    hanzi = {c for line in level1 if not line.startswith("#") for c in re.findall(f"[{HANZI}]", line)}
    for path in glob.glob(f"{repository}/dictionaries/*/terms.csv"):
        for row in csv.DictReader(open(path, encoding="utf-8")):
            hanzi.update(re.findall(f"[{HANZI}]", row["term"]))
    return hanzi


def toneless(reading):
    letters = unicodedata.normalize("NFD", reading.lower()).replace("u\u0308", "v")
    return "".join(c for c in letters if c.isascii() and c.isalpha())


def main(repository, st_characters, kdconv):
    here = os.path.dirname(os.path.abspath(__file__))
    hanzi = hanzi_of(repository)
    readings = collections.defaultdict(list)
    for c in sorted(hanzi):
        if ord(c) in pinyin_dict:
            readings[toneless(pinyin_dict[ord(c)].split(",")[0])].append(c)
    with open(f"{here}/pinyin.tsv", "w", encoding="utf-8") as out:
        out.write(HEAD_PINYIN)
        out.writelines(f"{reading}\t{''.join(readings[reading])}\n" for reading in sorted(readings))

    pairs = (line.rstrip("\n").split("\t") for line in open(st_characters, encoding="utf-8"))
    first = ((simplified, targets.split(" ")[0]) for simplified, targets in pairs)
    with open(f"{here}/traditional.tsv", "w", encoding="utf-8") as out:
        out.write(HEAD_TRADITIONAL)
        out.writelines(f"{s}\t{t}\n" for s, t in sorted(first) if s in hanzi and s != t)

    counts = collections.Counter()
    for number, line in enumerate(open(kdconv, encoding="utf-8")):
        if number % 2 == 0:
            words = jieba.posseg.cut(line.strip())
            counts.update(w.word for w in words if re.fullmatch(f"[{HANZI}]{{2,5}}", w.word) and w.flag in TAGS)
    common = [word for word, count in counts.most_common() if count >= 3 and not TOUCHY.search(word)]
    by_length = {n: [w for w in common if min(len(w), 4) == n] for n in (2, 3, 4)}
    # The very commonest of two hanzi are grammar.
    chosen = by_length[2][40:640] + by_length[3][:300] + by_length[4][:300]
    with open(f"{here}/neutral.txt", "w", encoding="utf-8") as out:
        out.writelines(f"{word}\n" for word in sorted(set(chosen)))


if __name__ == "__main__":
    main(*sys.argv[1:])
