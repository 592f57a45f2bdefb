"""The rows of the exam as they are printed: outcome, timing, and every attempt with its moment."""

import collections


def print_row(row):
    scenario, record = row["scenario"], row["record"]
    expected = scenario.expected(row["on_cut"])
    mark = "" if row["outcome"] == expected else f"  <- {expected} is required"
    longest = max(call.seconds for call in record.calls)
    first = record.calls[0].first_token_seconds
    timing = f"{longest:6.2f} s" + (f", first token {first:.2f} s" if first is not None else "")
    print(f"{scenario.id:5} {row['outcome']:8} {timing:32} {scenario.about}{mark}")
    for line in attempt_lines(record.attempts):
        print(f"      {line}")
    for reason, count in collections.Counter(row["reasons"]).items():
        print(f"      {row['outcome']}: {reason}" + (f" ({count} times)" if count > 1 else ""))


def attempt_lines(attempts):
    """The attempts with their times, three a line; of a long row the first and the last."""
    start = attempts[0]["at"] if attempts else 0
    told = [f"{a['at'] - start:.2f} s {a['provider']}: {a['outcome']}" for a in attempts]
    if len(told) > 9:
        told = told[:6] + [f"… {len(told) - 9} more …"] + told[-3:]
    return ["; ".join(told[index:index + 3]) for index in range(0, len(told), 3)]


def summary(rows, on_cut):
    counted = [row for row in rows if row["on_cut"] == on_cut and not row["scenario"].is_extra]
    tally = ", ".join(
        f"{sum(row['outcome'] == outcome for row in counted)} {outcome}" for outcome in ("pass", "partial", "safe", "fail")
    )
    return f"on_cut: {on_cut}: {tally} of {len(counted)}"
