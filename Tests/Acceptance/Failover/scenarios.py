"""The sixteen scenarios: what goes wrong, what must hold, and what should.

A check is a sentence and a function of a `Record`. `required` ones that do not hold make the scenario fail, `advisory`
ones make it partial.
"""

from dataclasses import dataclass

from answer import WORDS
from fake_provider import PREFILL_REFUSAL


@dataclass(frozen=True)
class Scenario:
    id: str
    fault: str
    about: str
    limit_seconds: float
    required: tuple = ()
    advisory: tuple = ()
    fallback: str = "steady"
    # Beyond what all routes have: here the operator says that another model may answer.
    route_options: str = ""
    # Where a clean error is the ideal end, and an answer by another model is not.
    ideal_is_error: bool = False
    # Tokens went out before the fault: with `on_cut: error` a clean error is all that can be.
    safe_with_on_cut_error: bool = False
    calls: int = 1
    # Beyond the sixteen: must come out as the scenario it is named after.
    is_extra: bool = False

    def expected(self, on_cut):
        return "safe" if self.safe_with_on_cut_error and on_cut == "error" else "pass"


def attempts_at_most(count, seconds=None):
    within = f" in {seconds} s" if seconds else ""
    return (
        f"at most {count} attempts{within}",
        lambda r: len([a for a in r.attempts if seconds is None or a["at"] - r.attempts[0]["at"] <= seconds]) <= count,
    )


# What does not become shorter with the fake's long times: the answer itself, and the machine's own delays.
UNSCALED_SECONDS = 1.2


def within(seconds, is_scaled=True):
    def holds(r):
        return r.seconds <= (seconds * r.scale + UNSCALED_SECONDS * (1 - r.scale) if is_scaled else seconds)

    return (f"at most {seconds} s", holds)


ends_with_answer = ("ends with the whole answer", lambda r: r.is_whole)
reports_usage = ("usage is reported", lambda r: bool(r.usage) and r.usage.completion_tokens == len(WORDS))


def waited_for_retry_after(r):
    return len(r.primary) >= 2 and r.primary[1]["at"] - r.primary[0]["at"] >= 1.8


def did_not_repeat(r):
    sizes = [attempt["body_bytes"] for attempt in r.primary]
    return len(sizes) == 1 or len(sizes) == 2 and sizes[1] < sizes[0]


def did_not_blame_prefill(r):
    return r.error is None or PREFILL_REFUSAL not in str(r.error) and getattr(r.error, "status_code", None) != 400


def came_back(r):
    """The primary answered within 30 s of the end of its outage; the outage began with the first attempt."""
    recovered = r.primary[0]["at"] + 60 * r.scale
    answered = [attempt["at"] for attempt in r.primary if attempt["outcome"] == "whole"]
    return bool(answered) and answered[0] - recovered <= 30 * r.scale


SCENARIOS = [
    Scenario(
        "S01", "rate-limited-once", "429 with Retry-After: 2, once", 60,
        required=(attempts_at_most(2, 1.5),),
        advisory=(("tried again after 1.8 s or more", waited_for_retry_after),),
    ),
    Scenario(
        "S02", "rate-limited", "429 always, without Retry-After", 60,
        required=(attempts_at_most(4, 3), attempts_at_most(6)),
    ),
    Scenario(
        "S03", "broken-once", "500 once", 60,
        advisory=(("tried the same provider again", lambda r: len(r.primary) >= 2),),
    ),
    Scenario("S04", "unavailable", "503 always", 60, required=(attempts_at_most(6),)),
    Scenario("S05", "reset-once", "reset before the headers, once", 60, required=(ends_with_answer,)),
    Scenario(
        "S06", "silent", "accepts and says nothing for 120 s", 110,
        required=(within(100),),
        advisory=(("one attempt on the silent provider", lambda r: len(r.primary) == 1),),
    ),
    Scenario("S07", "slow-first-token", "the first token after 20 s", 60, advisory=(within(15),)),
    Scenario("S08", "cut-midway", "cut after 40 of 60 tokens", 60, safe_with_on_cut_error=True),
    Scenario(
        "S08b", "ended-midway", "the same, not chunked", 60, safe_with_on_cut_error=True, is_extra=True
    ),
    Scenario("S08c", "reset-midway", "the same, by a reset", 60, safe_with_on_cut_error=True, is_extra=True),
    Scenario(
        "S09", "stalled-midway", "silent for 30 s after 20 tokens", 60,
        required=(within(45),), safe_with_on_cut_error=True,
    ),
    Scenario("S10", "bad-event", "the tenth event is not JSON", 60, advisory=(ends_with_answer,)),
    Scenario("S11", "no-done", "no [DONE], the connection stays open", 60, required=(within(8, is_scaled=False),),
             advisory=(reports_usage,)),
    Scenario(
        "S12", "context-length", "400 context_length_exceeded", 60,
        required=(("never the same request again", did_not_repeat),), route_options="on_refusal: failover",
    ),
    Scenario(
        "S13", "content-policy", "400 content_policy_violation", 60,
        required=(("one attempt", lambda r: len(r.primary) == 1),), ideal_is_error=True,
    ),
    Scenario(
        "S14", "cut-midway", "cut after 40, the fallback refuses a prefill", 60, fallback="no-prefill",
        required=(("the refused prefill is not the error", did_not_blame_prefill),), safe_with_on_cut_error=True,
    ),
    Scenario(
        "S15", "outage", "503 for 60 s, then well; a call every 4 s", 60, calls=20,
        required=(("the primary is used again within 30 s", came_back),),
    ),
    Scenario(
        "S16", "unavailable", "503 always: who answered?", 60,
        required=(attempts_at_most(6), ("model names the fallback", lambda r: r.model == r.fallback_model)),
        advisory=(reports_usage,),
    ),
]
