#!/usr/bin/env python3
"""Regenerates emoji_names.tsv: names of emoji that are short enough to be a reading.

    emoji_names.py ANNOTATIONS

ANNOTATIONS is annotations.json of the Unicode Common Locale Data for the locale zh. Names in emoji.tsv win at build time.
"""
import json
import re
import sys
from pathlib import Path

HERE = Path(__file__).parent
# Pictures, but neither faces, which tell a mood and spell nothing, nor punctuation, arrows and mathematics.
EMOJI = re.compile("[\u2600-\u27bf\U0001f300-\U0001f5ff\U0001f680-\U0001f90f\U0001f930-\U0001f96f\U0001f978-\U0001fadf]")
# Names that describe a picture rather than name a thing: nobody reads them out in a word.
DESCRIPTIONS = re.compile("头$|脸$|手$|[圈色]$|^[有举向]|笑|^[一两三四五六七八九十]+点|星$|圆$|像$|座$|[红橙黄绿蓝紫棕黑白灰]心|者$|旗$|纸卷|圈$|类$|发$|音符")


def main():
    names = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["annotations"]["annotations"]
    found = {}
    for key, value in names.items():
        c, name = key.replace("\ufe0f", ""), value.get("tts", [""])[0]
        if EMOJI.fullmatch(c) and re.fullmatch("[\u4e00-\u9fff]{1,3}", name) and not DESCRIPTIONS.search(name):
            found[c] = name
    head = "# Unicode Common Locale Data, Chinese names of emoji, those of one to three hanzi that name a thing\n"
    head += "# Unicode License v3 (Unicode-3.0), copyright Unicode, Inc.\n"
    (HERE / "emoji_names.tsv").write_text(head + "".join(f"{c}\t{n}\n" for c, n in sorted(found.items())), encoding="utf-8")
    print(len(found), "names")


main()
