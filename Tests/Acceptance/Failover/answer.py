"""The one answer that every healthy model of the exam gives: sixty words, one token each."""

TEXT = (
    "A gateway stands between many callers and many models and its first duty is to tell the truth about both. "
    "When a model falls silent the gateway waits a little then asks another and the caller hears one whole answer "
    "or one plain error. Half an answer that looks whole is the worst of all since nobody will go back"
)
WORDS = TEXT.split()
TOKENS = [word if number == 0 else " " + word for number, word in enumerate(WORDS)]
TOKEN_SECONDS = 0.015
PROMPT_TOKENS = 12

if len(WORDS) != 60:
    raise ValueError(f"the answer has {len(WORDS)} words, not 60")


def folded(text):
    """The text with every run of whitespace as one space."""
    return " ".join(text.split())
