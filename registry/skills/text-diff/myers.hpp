// Eugene Myers, "An O(ND) Difference Algorithm and Its Variations" (1986), the greedy form.
//
// Its memory grows with the square of the number of edits, so past max_edits the part between the
// common head and the common tail counts as replaced: correct, not shortest.
#pragma once

#include <common/skill.hpp>

#include <vector>

namespace myers {

inline constexpr std::size_t max_edits = 2000;

using Tokens = std::vector<std::uint32_t>;  // equal numbers stand for equal texts

enum class Kind { equal, removed, added };

struct Run {
    Kind kind;
    std::size_t old_start, new_start, length;
};

struct Script {
    std::vector<Run> runs;
    bool shortest = true;
};

class Differ {
  public:
    Differ(const Tokens &old_tokens, const Tokens &new_tokens, skill::Call &call) : old_(old_tokens), new_(new_tokens),
        call_(call) {}

    Script run() {
        const std::size_t least = std::min(old_.size(), new_.size());
        while (head_ < least && old_[head_] == new_[head_]) ++head_;
        while (tail_ < least - head_ && old_[old_.size() - 1 - tail_] == new_[new_.size() - 1 - tail_]) ++tail_;
        call_.step(head_ + tail_);
        add(Kind::equal, 0, 0, head_);
        middle();
        add(Kind::equal, old_.size() - tail_, new_.size() - tail_, tail_);
        return std::move(script_);
    }

  private:
    const Tokens &old_;
    const Tokens &new_;
    skill::Call &call_;
    std::size_t head_ = 0, tail_ = 0;
    Script script_;
    std::vector<std::vector<std::uint32_t>> trace_;  // by number of edits: how far each diagonal got

    void add(Kind kind, std::size_t old_start, std::size_t new_start, std::size_t length) {
        if (length == 0) return;
        if (!script_.runs.empty() && script_.runs.back().kind == kind) script_.runs.back().length += length;
        else script_.runs.push_back({kind, old_start, new_start, length});
    }

    void middle() {
        const std::size_t n = old_.size() - head_ - tail_, m = new_.size() - head_ - tail_;
        if (n > 0 && m > 0 && search(n, m)) {
            walk_back(n, m);
            return;
        }
        script_.shortest = n == 0 || m == 0;
        add(Kind::removed, head_, head_, n);
        add(Kind::added, head_ + n, head_, m);
    }

    // Diagonal k holds x - y; row d keeps x for k = -d, -d+2, ..., d at index (k + d) / 2.
    bool search(std::size_t n, std::size_t m) {
        for (std::size_t d = 0; d <= max_edits && d <= n + m; ++d) {
            std::vector<std::uint32_t> row(d + 1);
            for (std::size_t i = 0; i <= d; ++i) {
                std::size_t x = start(d, i), y = x + d - 2 * i;
                // Diagonals that left the grid stay where they are and never reach the end.
                const std::size_t before = x;
                while (x < n && y < m && old_[head_ + x] == new_[head_ + y]) ++x, ++y;
                call_.step(x - before + 1);
                row[i] = static_cast<std::uint32_t>(x);
                if (x >= n && y >= m) {
                    trace_.push_back(std::move(row));
                    return true;
                }
            }
            trace_.push_back(std::move(row));
        }
        return false;
    }

    // True when diagonal i of row d is reached best from the diagonal above it (an addition).
    bool comes_down(std::size_t d, std::size_t i) const {
        return i == 0 || (i != d && trace_[d - 1][i - 1] < trace_[d - 1][i]);
    }

    std::size_t start(std::size_t d, std::size_t i) const {
        if (d == 0) return 0;
        return comes_down(d, i) ? trace_[d - 1][i] : trace_[d - 1][i - 1] + std::size_t{1};
    }

    void walk_back(std::size_t n, std::size_t m) {
        std::vector<Run> reversed;
        std::size_t x = n, y = m;
        for (std::size_t d = trace_.size() - 1; d > 0; --d) {
            const std::size_t i = (x + d - y) / 2;
            const std::size_t from = start(d, i);
            if (x > from) reversed.push_back({Kind::equal, from, from + d - 2 * i, x - from});
            x = from;
            y = from + d - 2 * i;
            if (comes_down(d, i)) reversed.push_back({Kind::added, x, --y, 1});
            else reversed.push_back({Kind::removed, --x, y, 1});
        }
        if (x > 0) reversed.push_back({Kind::equal, 0, 0, x});
        for (auto it = reversed.rbegin(); it != reversed.rend(); ++it) {
            add(it->kind, head_ + it->old_start, head_ + it->new_start, it->length);
        }
    }
};

}  // namespace myers
