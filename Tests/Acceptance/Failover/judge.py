"""What an ordinary OpenAI client saw of a scenario, and the verdict on it."""

from dataclasses import dataclass, field

from answer import TEXT, folded


@dataclass
class Call:
    """One streamed call. `error` is what the SDK raised: an `openai.APIError` with a body is a clean one."""

    text: str = ""
    error: Exception | None = None
    is_clean_error: bool = False
    hung: bool = False
    model: str | None = None
    usage: object = None
    seconds: float = 0
    first_token_seconds: float | None = None

    @property
    def is_whole(self):
        return self.error is None and not self.hung and folded(self.text) == TEXT

    @property
    def is_truncated_success(self):
        return self.error is None and not self.hung and not self.is_whole

    @property
    def is_garbled(self):
        return not TEXT.startswith(folded(self.text))


@dataclass
class Record:
    """A scenario as it was played. `attempts` is the fake's log of both providers, in order."""

    calls: list[Call]
    attempts: list[dict]
    fallback_model: str
    scale: float
    is_alive_afterwards: bool = True
    primary: list[dict] = field(init=False)

    def __post_init__(self):
        self.primary = [attempt for attempt in self.attempts if attempt["provider"] == "primary"]

    # Of the last call, which is the only one in all scenarios but one.
    @property
    def last(self):
        return self.calls[-1]

    error = property(lambda self: self.last.error)
    model = property(lambda self: self.last.model)
    usage = property(lambda self: self.last.usage)
    seconds = property(lambda self: self.last.seconds)
    is_whole = property(lambda self: all(call.is_whole for call in self.calls))


def verdict(scenario, record):
    """`pass`, `partial`, `safe` or `fail`, and the reasons for anything but a pass."""
    reasons = list(_failures(scenario, record))
    if reasons:
        return "fail", reasons
    if not record.is_whole and not scenario.ideal_is_error:
        return "safe", [_described(record.error)]
    if record.is_whole and scenario.ideal_is_error:
        return "partial", ["another model answered what this one refused"]
    missed = [text for text, holds in scenario.advisory if not holds(record)]
    return ("partial", [f"not: {text}" for text in missed]) if missed else ("pass", [])


def _failures(scenario, record):
    for call in record.calls:
        if call.hung:
            yield f"no end within {scenario.limit_seconds:.0f} s"
        elif call.is_garbled:
            yield f"garbage: …{call.text[-60:]!r}"
        elif call.is_truncated_success:
            yield f"ended like a success after {len(call.text.split())} of 60 words"
        elif call.error is not None and not call.is_clean_error:
            yield f"not a clean error: {_described(call.error)}"
        elif call.error is not None and scenario.calls > 1:
            yield f"a call was not served: {_described(call.error)}"
    for text, holds in scenario.required:
        if record.attempts and not holds(record):
            yield f"not: {text}"
    if not record.attempts:
        yield "the provider was never asked"
    if not record.is_alive_afterwards:
        yield "no healthy answer within 10 s afterwards"


def _described(error):
    return f"{type(error).__name__}: {str(error)[:160]}"
