// The units. base = value * numerator / denominator + offset; every factor is exact by definition
// of the unit unless the line says otherwise.
#pragma once

#include <string_view>

namespace units {

using Real = long double;

struct Unit {
    std::string_view dimension, symbol, names;  // names: lower case, separated by '|'
    Real numerator = 1, denominator = 1, offset = 0;
};

inline constexpr Real pi = 3.14159265358979323846264338327950288L;

inline constexpr Unit all[] = {
    {"length", "m", "metre|meter|metres|meters"},
    {"length", "km", "kilometre|kilometer|kilometres|kilometers", 1000},
    {"length", "dm", "decimetre|decimeter|decimetres|decimeters", 1, 10},
    {"length", "cm", "centimetre|centimeter|centimetres|centimeters", 1, 100},
    {"length", "mm", "millimetre|millimeter|millimetres|millimeters", 1, 1000},
    {"length", "um", "micrometre|micrometer|micrometres|micrometers|micron|microns|µm", 1, 1'000'000},
    {"length", "nm", "nanometre|nanometer|nanometres|nanometers", 1, 1'000'000'000},
    {"length", "in", "inch|inches", 254, 10'000},
    {"length", "ft", "foot|feet", 3048, 10'000},
    {"length", "yd", "yard|yards", 9144, 10'000},
    {"length", "mi", "mile|miles", 1'609'344, 1000},
    {"length", "nmi", "nautical mile|nautical miles", 1852},
    {"length", "au", "astronomical unit|astronomical units", 149'597'870'700},
    {"length", "ly", "light year|light years|light-year|light-years", 9'460'730'472'580'800},

    {"mass", "kg", "kilogram|kilograms|kilogramme|kilogrammes"},
    {"mass", "g", "gram|grams|gramme|grammes", 1, 1000},
    {"mass", "mg", "milligram|milligrams", 1, 1'000'000},
    {"mass", "ug", "microgram|micrograms|µg", 1, 1'000'000'000},
    {"mass", "t", "tonne|tonnes|metric ton|metric tons", 1000},
    {"mass", "lb", "pound|pounds|lbs", 45'359'237, 100'000'000},
    {"mass", "oz", "ounce|ounces", 45'359'237, 1'600'000'000},
    {"mass", "st", "stone|stones", 635'029'318, 100'000'000},
    {"mass", "gr", "grain|grains", 6'479'891, 100'000'000'000},
    {"mass", "ct", "carat|carats", 2, 10'000},
    {"mass", "ton_us", "short ton|short tons|us ton|us tons", 90'718'474, 100'000},
    {"mass", "ton_uk", "long ton|long tons|imperial ton|imperial tons", 10'160'469'088, 10'000'000},

    // Scaled by 900, so that Celsius and Fahrenheit have whole coefficients and whole offsets.
    {"temperature", "K", "kelvin|kelvins", 900},
    {"temperature", "C", "celsius|°c|degree celsius|degrees celsius|centigrade", 900, 1, 245'835},
    {"temperature", "F", "fahrenheit|°f|degree fahrenheit|degrees fahrenheit", 500, 1, 229'835},
    {"temperature", "R", "rankine|°r|degree rankine|degrees rankine", 500},

    {"time", "s", "second|seconds|sec"},
    {"time", "ms", "millisecond|milliseconds", 1, 1000},
    {"time", "us", "microsecond|microseconds|µs", 1, 1'000'000},
    {"time", "ns", "nanosecond|nanoseconds", 1, 1'000'000'000},
    {"time", "min", "minute|minutes", 60},
    {"time", "h", "hour|hours|hr", 3600},
    {"time", "d", "day|days", 86'400},
    {"time", "wk", "week|weeks", 604'800},
    {"time", "yr", "year|years|julian year|julian years", 31'557'600},  // 365.25 days

    {"volume", "m3", "cubic metre|cubic meter|cubic metres|cubic meters|m³"},
    {"volume", "L", "litre|liter|litres|liters", 1, 1000},
    {"volume", "dL", "decilitre|deciliter|decilitres|deciliters", 1, 10'000},
    {"volume", "cL", "centilitre|centiliter|centilitres|centiliters", 1, 100'000},
    {"volume", "mL", "millilitre|milliliter|millilitres|milliliters", 1, 1'000'000},
    {"volume", "cm3", "cubic centimetre|cubic centimeter|cubic centimetres|cubic centimeters|cm³|cc", 1, 1'000'000},
    {"volume", "in3", "cubic inch|cubic inches", 16'387'064, 1'000'000'000'000},
    {"volume", "ft3", "cubic foot|cubic feet", 28'316'846'592, 1'000'000'000'000},
    {"volume", "gal", "gallon|gallons|us gallon|us gallons", 3'785'411'784, 1'000'000'000'000},
    {"volume", "qt", "quart|quarts", 946'352'946, 1'000'000'000'000},
    {"volume", "pt", "pint|pints", 473'176'473, 1'000'000'000'000},
    {"volume", "cup", "cups|us cup|us cups", 2'365'882'365, 10'000'000'000'000},
    {"volume", "fl_oz", "fluid ounce|fluid ounces", 295'735'295'625, 10'000'000'000'000'000},
    {"volume", "tbsp", "tablespoon|tablespoons", 1'478'676'478'125, 100'000'000'000'000'000},
    {"volume", "tsp", "teaspoon|teaspoons", 492'892'159'375, 100'000'000'000'000'000},
    {"volume", "gal_uk", "imperial gallon|imperial gallons|uk gallon|uk gallons", 454'609, 100'000'000},
    {"volume", "pt_uk", "imperial pint|imperial pints|uk pint|uk pints", 454'609, 800'000'000},
    {"volume", "fl_oz_uk", "imperial fluid ounce|imperial fluid ounces", 454'609, 16'000'000'000},

    {"area", "m2", "square metre|square meter|square metres|square meters|m²"},
    {"area", "km2", "square kilometre|square kilometer|square kilometres|square kilometers|km²", 1'000'000},
    {"area", "cm2", "square centimetre|square centimeter|square centimetres|square centimeters|cm²", 1, 10'000},
    {"area", "mm2", "square millimetre|square millimeter|square millimetres|square millimeters|mm²", 1, 1'000'000},
    {"area", "a", "are|ares", 100},
    {"area", "ha", "hectare|hectares", 10'000},
    {"area", "in2", "square inch|square inches", 64'516, 100'000'000},
    {"area", "ft2", "square foot|square feet", 9'290'304, 100'000'000},
    {"area", "yd2", "square yard|square yards", 83'612'736, 100'000'000},
    {"area", "acre", "acres", 40'468'564'224, 10'000'000},
    {"area", "mi2", "square mile|square miles", 2'589'988'110'336, 1'000'000},

    {"speed", "m/s", "metre per second|meter per second|metres per second|meters per second|mps"},
    {"speed", "km/h", "kilometre per hour|kilometer per hour|kilometres per hour|kilometers per hour|kph|kmh", 10, 36},
    {"speed", "mph", "mile per hour|miles per hour|mi/h", 44'704, 100'000},
    {"speed", "ft/s", "foot per second|feet per second|fps", 3048, 10'000},
    {"speed", "kn", "knot|knots", 1852, 3600},
    {"speed", "c", "speed of light", 299'792'458},

    {"data", "bit", "bits", 1, 8},
    {"data", "B", "byte|bytes"},
    {"data", "kB", "kilobyte|kilobytes", 1e3L},
    {"data", "MB", "megabyte|megabytes", 1e6L},
    {"data", "GB", "gigabyte|gigabytes", 1e9L},
    {"data", "TB", "terabyte|terabytes", 1e12L},
    {"data", "PB", "petabyte|petabytes", 1e15L},
    {"data", "KiB", "kibibyte|kibibytes", 1024},
    {"data", "MiB", "mebibyte|mebibytes", 1'048'576},
    {"data", "GiB", "gibibyte|gibibytes", 1'073'741'824},
    {"data", "TiB", "tebibyte|tebibytes", 1'099'511'627'776},
    {"data", "PiB", "pebibyte|pebibytes", 1'125'899'906'842'624},
    {"data", "kbit", "kilobit|kilobits", 1e3L, 8},
    {"data", "Mbit", "megabit|megabits", 1e6L, 8},
    {"data", "Gbit", "gigabit|gigabits", 1e9L, 8},
    {"data", "Tbit", "terabit|terabits", 1e12L, 8},
    {"data", "Kibit", "kibibit|kibibits", 128},
    {"data", "Mibit", "mebibit|mebibits", 131'072},
    {"data", "Gibit", "gibibit|gibibits", 134'217'728},

    {"energy", "J", "joule|joules"},
    {"energy", "kJ", "kilojoule|kilojoules", 1000},
    {"energy", "MJ", "megajoule|megajoules", 1'000'000},
    {"energy", "cal", "calorie|calories", 4184, 1000},
    {"energy", "kcal", "kilocalorie|kilocalories", 4184},
    {"energy", "Wh", "watt hour|watt hours|watt-hour|watt-hours", 3600},
    {"energy", "kWh", "kilowatt hour|kilowatt hours|kilowatt-hour|kilowatt-hours", 3'600'000},
    {"energy", "MWh", "megawatt hour|megawatt hours|megawatt-hour|megawatt-hours", 3'600'000'000},
    {"energy", "eV", "electronvolt|electronvolts", 1'602'176'634, 1e28L},
    {"energy", "BTU", "british thermal unit|british thermal units", 105'505'585'262, 100'000'000},
        // International Table
    {"energy", "ft_lbf", "foot-pound|foot-pounds|foot pound|foot pounds", 13'558'179'483'314'004, 1e16L},

    {"pressure", "Pa", "pascal|pascals"},
    {"pressure", "hPa", "hectopascal|hectopascals", 100},
    {"pressure", "kPa", "kilopascal|kilopascals", 1000},
    {"pressure", "MPa", "megapascal|megapascals", 1'000'000},
    {"pressure", "bar", "bars", 100'000},
    {"pressure", "mbar", "millibar|millibars", 100},
    {"pressure", "atm", "atmosphere|atmospheres", 101'325},
    {"pressure", "Torr", "torr", 101'325, 760},
    {"pressure", "mmHg", "millimetre of mercury|millimeter of mercury", 133'322'387'415, 1'000'000'000},
        // conventional
    {"pressure", "inHg", "inch of mercury|inches of mercury", 33'863'886'403'410, 10'000'000'000},
        // conventional
    {"pressure", "psi", "pound per square inch|pounds per square inch", 44'482'216'152'605, 6'451'600'000},

    {"angle", "deg", "degree|degrees|°"},
    {"angle", "rad", "radian|radians", 180, pi},
    {"angle", "grad", "gradian|gradians|gon|gons", 9, 10},
    {"angle", "arcmin", "arcminute|arcminutes|minute of arc|minutes of arc", 1, 60},
    {"angle", "arcsec", "arcsecond|arcseconds|second of arc|seconds of arc", 1, 3600},
    {"angle", "turn", "turns|revolution|revolutions", 360},

    {"power", "W", "watt|watts"},
    {"power", "mW", "milliwatt|milliwatts", 1, 1000},
    {"power", "kW", "kilowatt|kilowatts", 1000},
    {"power", "MW", "megawatt|megawatts", 1'000'000},
    {"power", "GW", "gigawatt|gigawatts", 1'000'000'000},
    {"power", "hp", "horsepower|mechanical horsepower", 74'569'987'158'227'022, 1e14L},
    {"power", "hp_metric", "metric horsepower|ps", 73'549'875, 100'000},
    {"power", "BTU/h", "btu per hour", 105'505'585'262, 360'000'000'000},
};

}  // namespace units
