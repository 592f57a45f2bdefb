// Row 30: containers, texts and exceptions of a C++ library that the host does not have.
#include <stdexcept>
#include <string>
#include <vector>

#ifndef _LIBCPP_VERSION
#error "compiled with the host's own library"
#endif

extern "C" long fault_other_runtime(void);

long fault_other_runtime(void) {
    std::vector<std::string> words;
    for (int i = 0; i < 10; i++) words.push_back(std::string(40, static_cast<char>('a' + i)));
    try {
        throw std::out_of_range(words.back());
    } catch (const std::exception &error) {
        return std::string(error.what()) == words.at(9) ? 10 : -1;
    }
}
