// Converts between units of one dimension.
#include "units.hpp"

#include <common/skill.hpp>

#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace {

using skill::Call;
using skill::json;
using skill::Params;
using units::Real;
using units::Unit;

std::string lowered(std::string_view text) {
    std::string out(text);
    for (char &c : out) if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    return out;
}

bool has_name(std::string_view names, std::string_view name) {
    for (std::size_t at = 0; at < names.size();) {
        const std::size_t end = std::min(names.find('|', at), names.size());
        if (names.substr(at, end - at) == name) return true;
        at = end + 1;
    }
    return false;
}

// Symbols are exact (MB is not Mbit is not mb); names and, if only one fits, symbols ignore case.
const Unit &unit(std::string_view text) {
    for (const Unit &unit : units::all) if (unit.symbol == text) return unit;
    const std::string low = lowered(text);
    const Unit *found = nullptr;
    for (const Unit &unit : units::all) {
        if (has_name(unit.names, low)) return unit;
        if (lowered(unit.symbol) != low) continue;
        if (found != nullptr) {
            skill::reject("ambiguous_unit", "The unit is ambiguous without its exact case.",
                          "'" + std::string(text) + "' may be " + std::string(found->symbol) + " or " +
                              std::string(unit.symbol) + ".");
        }
        found = &unit;
    }
    if (found == nullptr) {
        skill::reject("unknown_unit", "The unit is not known.",
                      "'" + std::string(text.substr(0, 64)) + "' is not in 'list_units'.");
    }
    return *found;
}

// The decimal the caller wrote, and not the binary fraction it became: 273.15 means 273.15.
Real decimal(double value) {
    char text[40];
    for (int digits = 15; digits <= 17; ++digits) {
        std::snprintf(text, sizeof text, "%.*g", digits, value);
        if (std::strtod(text, nullptr) == value) break;
    }
    return std::strtold(text, nullptr);
}

Real rounded(Real value, std::int64_t places) {
    const Real scale = std::pow(Real{10}, static_cast<Real>(places));
    const Real scaled = value * scale;
    return std::isfinite(scaled) ? std::round(scaled) / scale : value;
}

json convert(const Params &params, Call &) {
    const json &given = params.required("value");
    if (!given.is_number()) Params::wrong_type("value", "a number", given);
    const double value = given.get<double>();
    const Unit &from = unit(params.string("from")), &to = unit(params.string("to"));
    if (from.dimension != to.dimension) {
        skill::reject("different_dimensions", "The units measure different things.",
                      "'" + std::string(from.symbol) + "' is a unit of " + std::string(from.dimension) + ", '" +
                          std::string(to.symbol) + "' of " + std::string(to.dimension) + ".");
    }
    const Real base = decimal(value) * from.numerator / from.denominator + from.offset;
    if (from.dimension == "temperature" && base < 0) {
        skill::reject("below_absolute_zero", "The temperature is below absolute zero.");
    }
    Real result = (base - to.offset) * to.denominator / to.numerator;
    if (params.find("precision") != nullptr) result = rounded(result, params.integer("precision", 0, 0, 15));
    const auto answer = static_cast<double>(result);
    if (!std::isfinite(answer)) skill::too_large("The result is too large for a number.");
    return {{"value", given},
            {"from", from.symbol},
            {"to", to.symbol},
            {"dimension", from.dimension},
            {"result", answer == 0 ? 0.0 : answer}};  // no minus zero
}

json list_units(const Params &params, Call &) {
    const auto wanted = params.string("dimension", "");
    json dimensions = json::object();
    for (const Unit &unit : units::all) {
        if (!wanted.empty() && wanted != unit.dimension) continue;
        const auto name = unit.names.substr(0, unit.names.find('|'));
        dimensions[std::string(unit.dimension)].push_back({{"symbol", unit.symbol}, {"name", name}});
    }
    if (dimensions.empty()) skill::reject("unknown_dimension", "The dimension is not known.");
    return {{"dimensions", dimensions}};
}

constexpr skill::Operation operations[] = {{"convert", convert}, {"list_units", list_units}};

}  // namespace

PRAXIMOUS_SKILL(operations);
