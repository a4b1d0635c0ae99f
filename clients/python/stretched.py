"""What the plane `runs` would find, and cost, if it asked for more: by the letters of a term and how often one is repeated.

    python clients/python/stretched.py --corpora DIR

DIR holds noisyhate/hard_pert.json (words, each with its perturbations by people) and clean/en_sms_ham.txt (one message a line). Counts the
perturbations that only repeat letters, one of them three times at least, and the clean messages that stretch one of the words. Shares
no code with the engine and needs nothing but Python.
"""

import re

from noisyhate import read, runs_of

RULES = {
    "one letter three times (as it is)": lambda term, times: True,
    "four times in terms of three letters": lambda term, times: len(term) > 3 or times >= 4,
    "terms of four letters and more": lambda term, times: len(term) >= 4,
    "four times in terms of up to four letters": lambda term, times: len(term) > 4 or times >= 4,
    "four times": lambda term, times: times >= 4,
    "terms of five letters and more": lambda term, times: len(term) >= 5,
}
LOADED = 400


def times(term: str, written: str) -> int:
    """How often the most repeated letter is written where `written` is the term with letters repeated; else 0."""
    ours, theirs = runs_of(term), runs_of(written)
    pairs = list(zip(ours, theirs))
    if len(ours) != len(theirs) or any(a[0] != b[0] or a[1] > b[1] for a, b in pairs):
        return 0
    longest = max((b[1] for a, b in pairs if b[1] > a[1]), default=0)
    return longest if longest >= 3 else 0


def main() -> None:
    _, words, people, messages = read(__doc__)
    people = [(word, times(word, written)) for word, written in people if times(word, written)]
    stretched = []
    for message in messages:
        tokens = [token for token in re.findall("[a-z]+", message.lower()) if max(n for _, n in runs_of(token)) >= 3]
        stretched.append([(word, times(word, token)) for token in tokens for word in words if times(word, token)])
    print(f"{len(words)} words, {len(people)} perturbations, {len(messages)} messages")
    for name, rule in RULES.items():
        found = sum(rule(*one) for one in people)
        clean = sum(any(rule(*one) for one in message) for message in stretched)
        share = 100 * clean / len(messages) * LOADED / len(words)
        print(f"| {name} | {clean} | {share:.3f} % | {found}: {100 * found / len(people):.0f} % |")


main()
