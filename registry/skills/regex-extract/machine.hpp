// Pike's virtual machine: every thread of the match moves over the text together, so the time is
// the program's length times the text's, whatever the pattern is. The first thread in priority
// order wins, which gives the same match as a backtracking engine.
#pragma once

#include "syntax.hpp"

#include <algorithm>

namespace regex {

inline constexpr std::size_t max_program = 4000;
inline constexpr std::size_t max_compile_steps = 100'000;

struct Instruction {
    enum class Op { character, any, set, save, split, jump, assertion, match } op;
    char32_t character = 0;
    std::size_t x = 0;  // set number, slot, or the preferred branch
    std::size_t y = 0;  // the other branch
    Tree::Kind assertion = Tree::Kind::empty;
};

class Compiler {
  public:
    explicit Compiler(const Tree &tree) {
        emit({Instruction::Op::save, 0, 0});
        add(tree);
        emit({Instruction::Op::save, 0, 1});
        emit({Instruction::Op::match});
    }
    std::vector<Instruction> program;

  private:
    using Op = Instruction::Op;
    std::size_t steps_ = 0;

    [[noreturn]] static void too_long() {
        skill::too_large("The pattern is too large.", "Its repetitions multiply to more than " +
            std::to_string(max_program) + " steps.");
    }

    std::size_t emit(Instruction instruction) {
        if (program.size() >= max_program) too_long();
        program.push_back(instruction);
        return program.size() - 1;
    }

    // Recursion is bounded by the parser's limit on nested groups.
    void add(const Tree &tree) {
        // Empty items emit nothing, so the work is counted apart from the program's length.
        if (++steps_ > max_compile_steps) too_long();
        switch (tree.kind) {
            case Tree::Kind::empty: break;
            case Tree::Kind::literal: emit({Op::character, tree.literal}); break;
            case Tree::Kind::any: emit({Op::any}); break;
            case Tree::Kind::set: emit({Op::set, 0, tree.set}); break;
            case Tree::Kind::group: group(tree); break;
            case Tree::Kind::concat:
                for (const Tree &child : tree.children) add(child);
                break;
            case Tree::Kind::either: either(tree); break;
            case Tree::Kind::repeat: repeat(tree); break;
            default: emit({Op::assertion, 0, 0, 0, tree.kind}); break;
        }
    }

    void group(const Tree &tree) {
        const auto slot = static_cast<std::size_t>(tree.group) * 2;
        if (slot > 0) emit({Op::save, 0, slot});
        add(tree.children.front());
        if (slot > 0) emit({Op::save, 0, slot + 1});
    }

    void either(const Tree &tree) {
        std::vector<std::size_t> exits;
        for (std::size_t i = 0; i + 1 < tree.children.size(); ++i) {
            const std::size_t split = emit({Op::split});
            program[split].x = program.size();
            add(tree.children[i]);
            exits.push_back(emit({Op::jump}));
            program[split].y = program.size();
        }
        add(tree.children.back());
        for (const std::size_t exit : exits) program[exit].x = program.size();
    }

    void repeat(const Tree &tree) {
        const Tree &item = tree.children.front();
        for (int i = 0; i < tree.least; ++i) add(item);
        if (tree.most == unlimited) {
            const std::size_t split = emit({Op::split});
            const std::size_t body = program.size();
            add(item);
            emit({Op::jump, 0, split});
            branch(split, body, program.size(), tree.lazy);
            return;
        }
        std::vector<std::pair<std::size_t, std::size_t>> splits;
        for (int i = tree.least; i < tree.most; ++i) {
            const std::size_t split = emit({Op::split});
            splits.emplace_back(split, program.size());
            add(item);
        }
        for (const auto &[split, body] : splits) branch(split, body, program.size(), tree.lazy);
    }

    void branch(std::size_t split, std::size_t body, std::size_t past, bool lazy) {
        program[split].x = lazy ? past : body;
        program[split].y = lazy ? body : past;
    }
};

inline constexpr std::size_t nowhere = static_cast<std::size_t>(-1);
using Slots = std::vector<std::size_t>;

class Machine {
  public:
    Machine(const Pattern &pattern, Flags flags, const std::u32string &text, skill::Call &call)
        : program_(Compiler(pattern.tree).program), sets_(pattern.sets), flags_(flags), text_(text), call_(call),
          slots_(pattern.names.size() * 2), current_(program_.size(), slots_), next_(program_.size(), slots_) {}

    // The leftmost match that starts at or after `from`; empty when there is none. With `whole`,
    // only a match of all of the text counts.
    Slots search(std::size_t from, bool whole) {
        Slots best;
        Slots fresh(slots_, nowhere);
        current_.clear();
        for (std::size_t at = from;; ++at) {
            if (best.empty() && (!whole || at == from)) follow(current_, 0, at, fresh);
            if (current_.count == 0) break;
            advance(at, whole, best);
            if (at >= text_.size()) break;
            std::swap(current_, next_);
            next_.clear();
            call_.step(current_.count + 1);
            if (current_.count == 0 && (!best.empty() || whole)) break;
        }
        next_.clear();
        return best;
    }

  private:
    // A set of program positions in priority order, each with its own captures.
    struct Threads {
        Threads(std::size_t program, std::size_t slots) : order(program), index(program, 0), captures(program * slots),
            width(slots) {}
        void clear() { count = 0; }
        bool holds(std::size_t pc) const { return index[pc] < count && order[index[pc]] == pc; }
        std::size_t add(std::size_t pc) {
            order[count] = pc;
            index[pc] = count;
            return count++;
        }
        std::size_t *slots(std::size_t thread) { return captures.data() + thread * width; }

        std::vector<std::size_t> order, index, captures;
        std::size_t width, count = 0;
    };

    struct Pending {
        std::size_t pc;       // where to go, or nowhere: then `slot` gets `value` back
        std::size_t slot;
        std::size_t value;
    };

    std::vector<Instruction> program_;
    const std::vector<CharacterSet> &sets_;
    Flags flags_;
    const std::u32string &text_;
    skill::Call &call_;
    std::size_t slots_;
    Threads current_, next_;
    std::vector<Pending> pending_;

    // Adds `start` and all it reaches without reading a character. An explicit stack, not recursion.
    void follow(Threads &threads, std::size_t start, std::size_t at, Slots &captures) {
        pending_.push_back({start, 0, 0});
        while (!pending_.empty()) {
            const Pending next = pending_.back();
            pending_.pop_back();
            if (next.pc == nowhere) {
                captures[next.slot] = next.value;
                continue;
            }
            if (threads.holds(next.pc)) continue;
            const std::size_t thread = threads.add(next.pc);
            call_.step();
            const Instruction &instruction = program_[next.pc];
            switch (instruction.op) {
                case Instruction::Op::jump: pending_.push_back({instruction.x, 0, 0}); break;
                case Instruction::Op::split:
                    pending_.push_back({instruction.y, 0, 0});
                    pending_.push_back({instruction.x, 0, 0});
                    break;
                case Instruction::Op::save:
                    pending_.push_back({nowhere, instruction.x, captures[instruction.x]});
                    captures[instruction.x] = at;
                    pending_.push_back({next.pc + 1, 0, 0});
                    break;
                case Instruction::Op::assertion:
                    if (holds(instruction.assertion, at)) pending_.push_back({next.pc + 1, 0, 0});
                    break;
                default: std::copy(captures.begin(), captures.end(), threads.slots(thread)); break;
            }
        }
    }

    void advance(std::size_t at, bool whole, Slots &best) {
        Slots captures(slots_);
        for (std::size_t thread = 0; thread < current_.count; ++thread) {
            const std::size_t pc = current_.order[thread];
            const Instruction &instruction = program_[pc];
            if (instruction.op == Instruction::Op::match) {
                if (whole && at != text_.size()) continue;
                best.assign(current_.slots(thread), current_.slots(thread) + slots_);
                return;  // the threads after this one have lower priority
            }
            if (at >= text_.size() || !reads(instruction, text_[at])) continue;
            captures.assign(current_.slots(thread), current_.slots(thread) + slots_);
            follow(next_, pc + 1, at + 1, captures);
        }
    }

    bool reads(const Instruction &instruction, char32_t c) const {
        switch (instruction.op) {
            case Instruction::Op::any: return flags_.dot_all || c != '\n';
            case Instruction::Op::character:
                return c == instruction.character || (flags_.ignore_case && lower(c) == lower(instruction.character));
            case Instruction::Op::set: {
                const CharacterSet &set = sets_[instruction.x];
                call_.step(set.ranges.size());
                const bool found = set.contains(c) || (flags_.ignore_case && (set.contains(lower(c)) ||
                    set.contains(upper(c))));
                return found != set.negated;
            }
            default: return false;
        }
    }

    bool holds(Tree::Kind assertion, std::size_t at) const {
        const bool before = at > 0 && is_word(text_[at - 1]), after = at < text_.size() && is_word(text_[at]);
        switch (assertion) {
            case Tree::Kind::start: return at == 0 || (flags_.multiline && text_[at - 1] == '\n');
            case Tree::Kind::end: return at == text_.size() || (flags_.multiline && text_[at] == '\n');
            case Tree::Kind::text_start: return at == 0;
            case Tree::Kind::text_end: return at == text_.size();
            case Tree::Kind::boundary: return before != after;
            default: return before == after;
        }
    }
};

}  // namespace regex
