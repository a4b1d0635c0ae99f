"""What the plane `misspelling` finds and costs under other rules than its own: a curve to choose a point on.

    python clients/python/misspelt.py --corpora DIR

DIR holds noisyhate/hard_pert.json (words, each with its perturbations by people), noisyhate/clean.csv (comments, in the column `clean`) and
clean/en_sms_ham.txt (one message a line). Counts the perturbations that `runs` or the rule finds, and the clean texts in which one of 400
words drawn of all would be found misspelt. Shares no code with the engine, reads its lists of English words, and needs nothing but Python.
"""

import collections
import csv
import pathlib
import re

from noisyhate import read, runs_of

LISTS = pathlib.Path(__file__).parents[2] / "build/data/evasion"
LOADED = 400


def listed(name: str) -> set[str]:
    """The words of a list: of each line the first, and what may be written behind it."""
    found = set()
    for line in (LISTS / name).read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            word, *endings = line.split(" ")
            found |= {word, *(word + ending for ending in endings)}
    return found


def grown(word: str, token: str) -> bool:
    """Whether letters are repeated, and nothing else."""
    ours, theirs = runs_of(word), runs_of(token)
    return word != token and len(ours) == len(theirs) and all(a[0] == b[0] and a[1] <= b[1] for a, b in zip(ours, theirs))


def long(token: str) -> bool:
    """Whether a letter is written three times."""
    return any(times >= 3 for _, times in runs_of(token))


def slip(word: str, token: str) -> tuple[str, int] | None:
    """What was done to a word, and at which of its letters: left out, added, replaced, swapped; or letters doubled."""
    if grown(word, token) and not long(token):
        return "doubled", 0
    same = next((i for i, (a, b) in enumerate(zip(word, token)) if a != b), min(len(word), len(token)))
    ours, theirs = word[same:], token[same:]
    if ours and ours[1:] == theirs:
        return "left out", same
    if theirs and ours == theirs[1:]:
        return "added", same
    if ours and theirs and ours[1:] == theirs[1:]:
        return "replaced", same
    if len(ours) > 1 and ours[:2] == theirs[:2][::-1] and ours[2:] == theirs[2:]:
        return "swapped", same
    return None


def may_go(word: str, kind: str, at: int) -> bool:
    """Whether the letter is a vowel, or, where it is left out, one of two for one sound."""
    pairs = {word[at - 1 : at + 1], word[at : at + 2]} if at else set()
    silent = any(pair == "ck" or len(pair) == 2 and pair[0] == pair[1] for pair in pairs)
    return kind in ("added", "swapped") or word[at] in "aeiouy" or kind == "left out" and silent


def rule(fewest: int, first: bool = True, soft_to: int = 0, last_to: int = 0, doubled: int = 3):
    """A rule: how many letters a word has that is edited; whether its first letter stays; up to which length consonants stay, and the
    last letter; from which length on doubled letters are read (0: only as one edit)."""

    def holds(word: str, token: str) -> bool:
        done = slip(word, token)
        if not done:
            return False
        kind, at = done
        if kind == "doubled" and (doubled and len(word) >= doubled or len(token) > len(word) + 1):
            return bool(doubled) and len(word) >= doubled
        ends = (not first or word[0] == token[0]) and (len(word) > last_to or kind == "swapped" or word[-1] == token[-1])
        soft = len(word) > soft_to or kind == "doubled" or may_go(word, kind, at)
        return len(word) >= fewest and ends and soft

    return holds


def left(word: str) -> set[str]:
    """What a word and its misspelling have in common."""
    return {word, "=" + "".join(letter for letter, _ in runs_of(word))} | {word[:i] + word[i + 1 :] for i in range(len(word))}


def main() -> None:
    corpora, words, people, chat = read(__doc__)
    runs = sum(grown(*pair) and long(pair[1]) for pair in people)
    near = collections.defaultdict(set)
    for word in words:
        for rest in left(word):
            near[rest].add(word)
    with (corpora / "noisyhate/clean.csv").open(encoding="utf-8") as file:
        comments = [row["clean"] for row in csv.DictReader(file)]
    texts = {"chat": chat, "comments": comments}
    # For each text the pairs of a word and a token near it, once a token.
    close = {}
    for token in {token for all_of in texts.values() for text in all_of for token in re.findall("[a-z]+", text.lower())}:
        close[token] = [] if token in words else [
            word for word in set().union(*(near.get(rest, set()) for rest in left(token))) if slip(word, token)
        ]

    def row(name: str, holds, english: set[str]) -> None:
        found = runs + sum(
            not (grown(word, token) and long(token)) and token.isalpha() and token not in english and holds(word, token)
            for word, token in people
        )
        cells = [f"{found}: {100 * found / len(people):.1f} %"]
        for all_of in texts.values():
            expected = 0.0
            for text in all_of:
                tokens = {token for token in re.findall("[a-z]+", text.lower()) if close[token] and token not in english}
                hit = {word for token in tokens for word in close[token] if holds(word, token)}
                expected += 1 - (1 - LOADED / len(words)) ** len(hit)
            cells.append(f"{100 * expected / len(all_of):.2f} %")
        print(f"| {name} | {' | '.join(cells)} |")

    lexicon, words_of_chat = listed("lexicon.txt"), listed("chat.txt")
    english = lexicon | words_of_chat
    chosen = rule(4, soft_to=99, last_to=4)
    print(f"{len(people)} perturbations of {len(words)} words, {len(chat)} messages of chat, {len(comments)} comments")
    row("no veto: four letters, the first stays", rule(4), set())
    row("veto of the lexicon", rule(4), lexicon)
    row("veto of the lexicon and of chat", rule(4), english)
    row("the same, any first letter", rule(4, first=False), english)
    row("the same, no doubling but as one edit", rule(4, doubled=0), english)
    row("words of three letters too", rule(3), english)
    row("five letters", rule(5), english)
    row("six letters", rule(6), english)
    row("seven letters", rule(7), english)
    row("doubled letters alone", rule(99), english)
    row("four letters, which keep the last", rule(4, last_to=4), english)
    row("and words up to five keep consonants", rule(4, soft_to=5, last_to=4), english)
    row("and all words keep consonants (chosen)", chosen, english)
    row("and all words keep the last", rule(4, soft_to=99, last_to=99), english)
    row("chosen, from five letters on", rule(5, soft_to=99), english)
    row("chosen, from six letters on", rule(6, soft_to=99), english)
    row("chosen, without the veto of chat", chosen, lexicon)
    row("chosen, without any veto", chosen, set())


main()
