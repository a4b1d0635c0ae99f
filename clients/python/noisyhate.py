"""What the measurements of people's own perturbations share: how they are read, and how letters are counted.

Run a measurement, not this: stretched.py or misspelt.py.
"""

import argparse
import itertools
import json
import pathlib


def read(description: str) -> tuple[pathlib.Path, list[str], list[tuple[str, str]], list[str]]:
    """The folder that `--corpora` names, and from it: the words, each with what people wrote for it, and clean messages."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=pathlib.Path, required=True)
    corpora = parser.parse_args().corpora
    perturbed = json.loads((corpora / "noisyhate/hard_pert.json").read_text(encoding="utf-8"))
    words = sorted({word.lower() for word in perturbed})
    people = [(word.lower(), written.lower()) for word, all_of in perturbed.items() for written in all_of]
    messages = (corpora / "clean/en_sms_ham.txt").read_text(encoding="utf-8-sig").splitlines()
    return corpora, words, people, messages


def runs_of(text: str) -> list[tuple[str, int]]:
    """Each letter with how often it is repeated."""
    return [(letter, len(list(run))) for letter, run in itertools.groupby(text)]
