#!/usr/bin/env python3
"""Regenerates english.txt: the English words that split wholly into pinyin syllables.

    english.py WORD_LIST

WORD_LIST is the American English list of SCOWL, size 60, one word a line. Needs syllables.txt.
"""
import re
import sys
from pathlib import Path

HERE = Path(__file__).parent
# Two letters are too little to tell a word from a syllable; these are English all the same.
TWO_LETTERS = {"ai", "an", "ha", "he", "me", "pi", "ye"}
# In the list, but in chat far more likely pinyin: units, notes, romanised names of Chinese people and places.
PINYIN = set("""
    anshan baidu baotou beijing changchun changsha chengdu chongqing dalian dui fushun fuzhou guangzhou gui guiyang guofeng
    hangzhou jilin jinan kaifeng kunming lanzhou lei nanchang nanjing peiping qingdao sase shenyang shijiazhuang songhua
    suse suzhou taiping taiyuan tangshan tianjin tun wen wuhan xiaoping xiongnu xuzhou yaobang yunnan zedong zhengzhou zibo
""".split())
# Names of one syllable that are English first.
SHORT_NAMES = {"ben", "che", "dan", "hun", "juan", "kong"}
# Words of chat, of games and shops, loans and first names that the list lacks.
CHAT = set("""
    acai ahaha ahahaha ahahahaha aime alia alibaba amane amelie ami amiga ayame ayumi baba bahaha baka bakugan
    bandai banger bene boobie bueno canva casa celine chacha chai culo daisuke dang danilo danke deedee dele
    duolingo ehehe eliana emilio eren fandango fanta fantasia fomo fugazi gaga gangbang gute haha hahaha hahahaha
    hahahahaha haruka heehee hehe hehehe hehehehe hentai huawei kaka kakao kakashi kanban kanga lala lalala langue
    lazada leanin leonie lololo luciana lucie luge malena mamamia mana mangaka masala mateo mega melina mierda
    mikasa milena mina modena moji naan nada nama nana nanami nanana nani obi omae otaku owo pacha pandan panini
    papi penang penne pikachu pinata pomelo pune puta rihanna sangria sanrio sashimi sasuke selina senorita senpai
    shiba shibuya shitake sia sicilia siri tabi tatami teehee tiana tita touche waifu waka wakanda wario yakuza
    yandere yolo yoshi yoyo yukata yumi yuna zine
""".split())


def splits(word, syllables):
    reached = [True] + [False] * len(word)
    for at in range(len(word)):
        for end in range(at + 1, min(at + 6, len(word)) + 1):
            reached[end] |= reached[at] and word[at:end] in syllables
    return reached[-1]


def wanted(word, lower, syllables):
    """Of the word list: everything in lower case, and the names of two syllables and more."""
    if len(word) == 2:
        return word in TWO_LETTERS
    return word not in PINYIN and (word in lower or word not in syllables or word in SHORT_NAMES)


def main():
    lines = (HERE / "syllables.txt").read_text(encoding="utf-8").splitlines()
    syllables = {line for line in lines if not line.startswith("#")}
    words = [w for w in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines() if re.fullmatch("[A-Za-z]{2,}", w)]
    lower = {w for w in words if w.islower()}
    found = {w.lower() for w in words if wanted(w.lower(), lower, syllables)}
    found |= CHAT
    found = sorted(w for w in found if splits(w, syllables | {"lue", "nue"}))
    head = "# English words and names that split into pinyin syllables: SCOWL's American list, size 60, and words of chat\n"
    head += "# SCOWL: copyright 2000-2011 Kevin Atkinson, permissive; its full notice is in NOTICE\n"
    (HERE / "english.txt").write_text(head + "".join(f"{w}\n" for w in found), encoding="utf-8")
    print(len(found), "words")


main()
